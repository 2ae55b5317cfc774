/**
 * Text of unknown origin, so that it can do nothing to a terminal: control characters (C0, DEL, C1), what turns the direction
 * of text around, what is not seen, and halves of surrogate pairs become `\u{1b}`. A subject of a certificate, a greeting of
 * a server and the path of a file are such texts; everything that the program says to people goes through here.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** JSON in ASCII where a terminal might take it for more than text; the same value. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(unprintable, (character) =>
    [...Array(character.length).keys()]
      .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
