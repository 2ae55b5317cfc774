import type { TerminalOutput } from '../host.ts';
import { bytesText } from './units.ts';

export interface ProgressOptions {
  /** Whether anything may be shown at all. */
  readonly isShown: boolean;
  /** Of what is sent, if that is known. */
  readonly totalBytes: number | undefined;
}

/**
 * How far a transfer has come, in one line on a terminal that is written over and at last taken away. Nothing is shown where
 * nobody looks, and nothing of transfers that are soon over.
 */
export class Progress {
  readonly #stream: TerminalOutput;
  readonly #options: ProgressOptions;
  readonly #startedAtMs = Date.now();
  #shownAtMs = 0;
  #sent = 0;
  #received = 0;

  constructor(stream: TerminalOutput, options: ProgressOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  sent(bytes: number): void {
    this.#sent += bytes;
    this.#show();
  }

  received(bytes: number): void {
    this.#received += bytes;
    this.#show();
  }

  end(): void {
    if (this.#shownAtMs > 0) this.#stream.write(clearLine);
  }

  #show(): void {
    if (!this.#options.isShown || this.#stream.isTTY !== true) return;
    const nowMs = Date.now();
    if (nowMs - this.#startedAtMs < delayMs || nowMs - this.#shownAtMs < intervalMs) return;
    this.#shownAtMs = nowMs;
    this.#stream.write(`${clearLine}${this.#text((nowMs - this.#startedAtMs) / 1000)}`);
  }

  #text(seconds: number): string {
    const { totalBytes } = this.#options;
    const rate = `${bytesText(Math.round((this.#sent + this.#received) / seconds))}/s`;
    const counts = [
      ...(this.#sent > 0 ? [`${bytesText(this.#sent)} sent`] : []),
      ...(this.#received > 0 ? [`${bytesText(this.#received)} received`] : []),
    ].join(', ');
    if (totalBytes === undefined || totalBytes === 0) return `${counts}, ${rate}`;
    const share = Math.min(1, this.#sent / totalBytes);
    const filled = Math.round(share * barWidth);
    return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${Math.floor(share * 100)} %, ${counts}, ${rate}`;
  }
}

const clearLine = '\r\u001b[K';
const delayMs = 500;
const intervalMs = 100;
const barWidth = 30;
