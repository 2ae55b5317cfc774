import { decodeHandshake, type TraceEvent } from '@sealwire/core';
import { createHash, type Hash } from 'node:crypto';
import { decodeHandshake12, handshakeTypes } from '@sealwire/core/codecs';
import { describeMessage, messageTitle } from './message-text.ts';
import { describeOlderMessage } from './older-message-text.ts';

/** One thing that passed between the two ends, as our end saw it. */
export interface Passed {
  readonly atMs: number;
  readonly direction: 'sent' | 'received';
  /** In RFC spelling: `ClientHello`, `application data`, `alert`. */
  readonly what: string;
  readonly bytes: number;
  /** The main fields, in words. */
  readonly detail: string;
}

/** Collects what a connection reports of itself. Keys are not part of it. */
export class Observer {
  readonly passed: Passed[] = [];
  #startedAtMs = 0;
  readonly #messages: Hash = createHash('sha256');
  #isHandshaking = true;
  /** TLS 1.2 has been selected. */
  #isOlder = false;

  /** Pass it on as `onTrace`. Time counts from the first call. */
  readonly see = (event: TraceEvent): void => {
    this.#startedAtMs ||= performance.now();
    if (event.what === 'handshake') {
      if (this.#isHandshaking) this.#messages.update(event.raw);
      const { title, detail } = this.#described(event.raw);
      this.#add(event.direction, title, event.raw.length, detail);
    } else if (event.what === 'changeCipherSpec' && this.#isOlder) {
      this.#add(event.direction, 'ChangeCipherSpec', 1, 'what follows is under new keys');
    } else if (event.what === 'record' && event.contentType === applicationData && event.contentBytes > 0) {
      const detail = `in a record of ${event.wireBytes} bytes`;
      this.#add(event.direction, 'application data', event.contentBytes, detail);
    } else if (event.what === 'alert') {
      this.#add(event.direction, 'Alert', 2, event.description);
    }
  };

  connected(): void {
    this.#isHandshaking = false;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  /** SHA-256 over the handshake messages in the order in which our end saw them: the same for the same seed. */
  get messagesSha256(): string {
    return this.#messages.copy().digest('hex');
  }

  /** By the structures of TLS 1.2 once a ServerHello has selected it; hellos are alike in all versions. */
  #described(raw: Uint8Array): { readonly title: string; readonly detail: string } {
    const isHello = raw[0] === handshakeTypes.client_hello || raw[0] === handshakeTypes.server_hello;
    if (this.#isOlder && !isHello) {
      const message = decodeHandshake12(raw, true);
      if (message !== undefined)
        return { title: messageTitle(message), detail: describeOlderMessage(message) };
    }
    const message = decodeHandshake(raw);
    if (message === undefined) return { title: 'unknown message', detail: '' };
    if (message.type !== 'legacy_server_hello')
      return { title: messageTitle(message), detail: describeMessage(message) };
    this.#isOlder = true;
    return { title: 'ServerHello', detail: describeMessage(message) };
  }

  has(direction: Passed['direction'], what: string, detail: string): boolean {
    return this.passed.some(
      (each) => each.direction === direction && each.what === what && each.detail.includes(detail),
    );
  }

  #add(direction: Passed['direction'], what: string, bytes: number, detail: string): void {
    this.passed.push({ atMs: round(this.elapsedMs), direction, what, bytes, detail });
  }
}

/** Milliseconds with two digits after the point. */
export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

const applicationData = 23;
