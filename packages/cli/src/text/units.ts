/** Numbers as people read them. */

export function bytesText(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const power = Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** `2026-11-22 06:00:00 UTC`. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** How far away a time is: `in 89 days`, `3 hours ago`. */
export function distanceText(ms: number, nowMs: number): string {
  const seconds = Math.abs(ms - nowMs) / 1000;
  const [size, unit] = spans.find(([each]) => seconds >= each) ?? [1, 'second'];
  const count = Math.floor(seconds / size);
  const span = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return ms > nowMs ? `in ${span}` : `${span} ago`;
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
const spans: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
];
