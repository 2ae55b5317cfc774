/** Application-layer protocol settings (draft-vvv-tls-alps-01): the value of the option `applicationSettings`. */
export { applicationSettings, type ApplicationSettingsOptions } from './alps/application-settings.ts';
export type { ApplicationSettings } from './machine/application-settings.ts';
