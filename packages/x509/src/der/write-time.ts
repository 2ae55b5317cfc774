import { ApiMisuseError } from '@sealwire/core';
import { tags } from './reader.ts';
import { derElement } from './write.ts';

/** RFC 5280 §4.1.2.5: UTCTime through the year 2049, GeneralizedTime from 2050 on; cut to whole seconds. */
export function derTime(ms: number): Uint8Array {
  const text = timeDigits(ms);
  return ms >= firstOf1950 && ms < firstOf2050
    ? derElement(tags.utcTime, ascii(text.slice(2)))
    : derElement(tags.generalizedTime, ascii(text));
}

export function derGeneralizedTime(ms: number): Uint8Array {
  return derElement(tags.generalizedTime, ascii(timeDigits(ms)));
}

/** `YYYYMMDDHHMMSSZ`. */
function timeDigits(ms: number): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999))
    throw new ApiMisuseError(`expected a time in ms since the epoch, from the year 0 to 9999, got ${ms}`);
  return `${date
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '')}Z`;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const firstOf1950 = /* @__PURE__ */ Date.UTC(1950, 0);
const firstOf2050 = /* @__PURE__ */ Date.UTC(2050, 0);
