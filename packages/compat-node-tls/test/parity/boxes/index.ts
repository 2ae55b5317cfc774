import type { Boxes } from './box.ts';
import { classesBoxes } from './classes.ts';
import { moduleBoxes } from './of-module.ts';
import { optionsBoxes } from './options.ts';

export const boxes: Boxes = { ...moduleBoxes, ...optionsBoxes, ...classesBoxes };
