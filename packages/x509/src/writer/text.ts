import { ApiMisuseError } from '@sealwire/core';
import { encodeUtf8 } from '../der/strings.ts';

/** Texts of callers that have a form of their own, checked before they are written. */

/** Printable ASCII without spaces, of `least` characters or more, as addresses and names of hosts are. */
export function asciiBytes(text: string, least = 0): Uint8Array {
  if (typeof text !== 'string' || !/^[\x21-\x7e]*$/.test(text) || text.length < least)
    throw new ApiMisuseError(`expected printable ASCII, got ${JSON.stringify(text)}`);
  return encodeUtf8(text);
}

/** Throws `ApiMisuseError` for what is no object identifier; `expected` says what else it might have been. */
export function requireObjectIdentifier(text: string, expected = 'an object identifier'): string {
  if (typeof text !== 'string' || !dotted.test(text))
    throw new ApiMisuseError(`expected ${expected}, got ${JSON.stringify(text)}`);
  return text;
}

/** X.660: the first number is 0, 1 or 2, the second below 40 for 0 and 1; none has a leading zero. */
const dotted = /^(?:[01]\.[1-3]?\d|2\.(?:0|[1-9]\d*))(?:\.(?:0|[1-9]\d*))*$/;
