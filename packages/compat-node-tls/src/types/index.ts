export type * from './classes.ts';
export type * from './module.ts';
export type * from './options.ts';
export type * from './views.ts';
