import { type DerReader, tags } from './reader.ts';

/**
 * Time in certificates (RFC 5280 §4.1.2.5): UTCTime or GeneralizedTime, both with seconds, both in
 * Zulu, no fractions. That dates before 2050 are to be UTCTime binds CAs; "conforming applications MUST be
 * able to process validity dates that are encoded in either". Result in ms since the epoch.
 */
export function readTime(reader: DerReader, field: string): number {
  const start = reader.at;
  const isUtc = reader.nextTag === tags.utcTime;
  const content = reader.content(isUtc ? tags.utcTime : tags.generalizedTime, field);
  const yearDigits = isUtc ? 2 : 4;
  const bad = (expected: string): Error => reader.error('der.badTime', `expected ${expected}`, field, start);
  if (content.length !== yearDigits + 11 || content[content.length - 1] !== 0x5a) {
    throw bad(isUtc ? 'YYMMDDHHMMSSZ' : 'YYYYMMDDHHMMSSZ');
  }
  for (let i = 0; i < content.length - 1; i++) {
    if (content[i]! < 0x30 || content[i]! > 0x39) throw bad('digits and Z');
  }
  const two = (at: number): number => (content[at]! - 0x30) * 10 + (content[at + 1]! - 0x30);
  const year = isUtc ? two(0) + (two(0) < 50 ? 2000 : 1900) : two(0) * 100 + two(2);
  const month = two(yearDigits);
  const day = two(yearDigits + 2);
  const [hour, minute, second] = [two(yearDigits + 4), two(yearDigits + 6), two(yearDigits + 8)];
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysIn(year, month) ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  ) {
    throw bad('a date and a time of day');
  }
  const atMs = new Date(0);
  atMs.setUTCFullYear(year, month - 1, day);
  return atMs.setUTCHours(hour, minute, second);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
