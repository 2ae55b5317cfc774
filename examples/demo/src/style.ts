import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours for a terminal; plain for a file, a pipe, or with NO_COLOR (https://no-color.org). */
export function styleFor(stream: NodeJS.WriteStream): (format: Format, text: string) => string {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const isPlain = (NO_COLOR ?? '') !== '' || (!stream.isTTY && (FORCE_COLOR ?? '') === '');
  return isPlain ? (_format, text) => text : (format, text) => styleText(format, text);
}

export type Style = ReturnType<typeof styleFor>;
