import { options } from '../../options/option.ts';

export const completionOptions = options({});
