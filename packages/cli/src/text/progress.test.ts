import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Progress } from './progress.ts';

afterEach(() => vi.restoreAllMocks());

/** What is written while a second passes with each call of `step`. */
function shown(options: { isTTY: boolean; isShown?: boolean; totalBytes?: number }): string {
  const stream = Object.assign(new PassThrough(), { isTTY: options.isTTY });
  let nowMs = 1_000_000;
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  const progress = new Progress(stream, { isShown: options.isShown ?? true, totalBytes: options.totalBytes });
  for (let i = 0; i < 2; i++) {
    progress.sent(512 * 1024);
    progress.received(1024);
    nowMs += 1_000;
  }
  progress.received(0);
  progress.end();
  return stream.read()?.toString() ?? '';
}

describe('Progress', () => {
  it('is a line that is written over, and at last taken away', () => {
    const lines = shown({ isTTY: true, totalBytes: 2 * 1024 * 1024 }).split('\r\u001b[K');
    expect(lines[0]).toBe('');
    expect(lines.at(-1)).toBe('');
    expect(lines.at(-2)).toBe(
      `[${'#'.repeat(15)}${'.'.repeat(15)}] 50 %, 1.0 MiB sent, 2.0 KiB received, 513.0 KiB/s`,
    );
    expect(shown({ isTTY: true })).toContain('1.0 MiB sent, 2.0 KiB received, 513.0 KiB/s');
  });

  it('is for terminals alone, and for whom it is shown', () => {
    expect(shown({ isTTY: false })).toBe('');
    expect(shown({ isTTY: true, isShown: false })).toBe('');
  });
});
