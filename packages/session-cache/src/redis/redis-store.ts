import { ApiMisuseError } from '@sealwire/core';
import { Breaker, type BreakerOptions } from '../breaker.ts';
import { copyOf } from '../bytes.ts';
import type { SessionStore } from '../store.ts';
import { SessionStoreError } from '../store-error.ts';

/** What is needed of a client of the official package `redis`, version 5 or 6. */
export interface RedisCommands {
  readonly isReady: boolean;
  sendCommand(
    args: readonly (string | Buffer)[],
    options?: {
      readonly abortSignal?: AbortSignal;
      readonly typeMapping?: Readonly<Record<number, unknown>>;
    },
  ): Promise<unknown>;
}

/** How commands are sent, and who is told when answers make no sense or do not come any more. */
export interface RedisAccess {
  commands(): RedisCommands;
  /** Settled when there has been a connection, or an attempt at one that failed. */
  begun(): Promise<void>;
  broken(): void;
}

export interface RedisStoreOptions extends BreakerOptions {
  /** What all names in Redis begin with. 1 to 64 characters of ASCII, without spaces and braces. Default `sealwire`. */
  readonly namespace?: string;
}

/**
 * Bytes in Redis, as a `SessionStore`. What it gets is as it is stored: `redisStore` puts a `SealedStore` before it. Each
 * question is one command, atomic by itself.
 */
export class RedisStore implements SessionStore {
  readonly scope = 'fleet';
  readonly #access: RedisAccess;
  readonly #prefix: string;
  readonly #breaker: Breaker;
  #policy:
    | { readonly client: RedisCommands; readonly keepsAll: boolean; readonly untilMs: number }
    | undefined;

  constructor(access: RedisAccess, { namespace = 'sealwire', ...limits }: RedisStoreOptions) {
    if (typeof namespace !== 'string' || !/^[!-z|~]{1,64}$/.test(namespace))
      throw new ApiMisuseError('namespace must be 1 to 64 characters of ASCII, without spaces and braces');
    this.#access = access;
    this.#prefix = `${namespace}:`;
    this.#breaker = new Breaker(limits);
  }

  /** Never more than the largest value that we would have stored: others may have put there what they like. */
  async get(name: string): Promise<Uint8Array | undefined> {
    return this.#ask(stored, 'GETRANGE', this.#value(name), '0', String(maxValueBytes));
  }

  async set(name: string, value: Uint8Array, ttlMs: number): Promise<void> {
    await this.#ask(isOk, 'SET', this.#value(name), sized(value), 'PX', whole(ttlMs));
  }

  async add(name: string, value: Uint8Array, ttlMs: number): Promise<boolean> {
    const isAdded = (reply: unknown) => reply !== null && isOk(reply);
    return this.#ask(isAdded, 'SET', this.#value(name), sized(value), 'PX', whole(ttlMs), 'NX');
  }

  async delete(name: string): Promise<boolean> {
    return this.#ask(isOne, 'DEL', this.#value(name));
  }

  async push(name: string, value: Uint8Array, ttlMs: number, atMost: number): Promise<void> {
    const args = [sized(value), String(-atMost), whole(ttlMs)];
    await this.#ask(isOne, 'EVAL', pushScript, '1', this.#list(name), ...args);
  }

  async pop(name: string): Promise<Uint8Array | undefined> {
    return this.#ask(stored, 'RPOP', this.#list(name));
  }

  /** What Redis does when its memory is full; asked again from time to time, as it can be changed. */
  async keepsAll(): Promise<boolean> {
    const client = this.#access.commands();
    const known = this.#policy;
    if (known?.client === client && Date.now() < known.untilMs) return known.keepsAll;
    const keepsAll = await this.#ask(neverEvicts, 'INFO', 'memory');
    this.#policy = { client, keepsAll, untilMs: Date.now() + policyMs };
    return keepsAll;
  }

  #value(name: string): string {
    return `${this.#prefix}v:${name}`;
  }

  #list(name: string): string {
    return `${this.#prefix}l:${name}`;
  }

  /** What `read` makes of the answer. */
  async #ask<T>(read: (reply: unknown) => T, ...args: readonly (string | Buffer)[]): Promise<T> {
    try {
      return await this.#breaker.run(async (abortSignal) => read(await this.#sent(args, abortSignal)));
    } catch (error) {
      const { code } = error as SessionStoreError;
      if (code === 'rubbish' || (code === 'timeout' && this.#breaker.rests)) this.#access.broken();
      throw error;
    }
  }

  async #sent(args: readonly (string | Buffer)[], abortSignal: AbortSignal): Promise<unknown> {
    if (!this.#access.commands().isReady) await this.#access.begun();
    const client = this.#access.commands();
    if (!client.isReady || abortSignal.aborted)
      throw new SessionStoreError('unreachable', 'there is no connection to Redis');
    try {
      return await client.sendCommand(args, { abortSignal, typeMapping: asBuffers });
    } catch (error) {
      throw isReply(error)
        ? new SessionStoreError('refused', 'Redis answered with an error')
        : new SessionStoreError('unreachable', 'the connection to Redis failed');
    }
  }
}

/** An error that Redis itself has sent. Not by class: the client may come from another copy of the package. */
function isReply(error: unknown): boolean {
  const names = [];
  for (let each: unknown = error; each instanceof Error; each = Object.getPrototypeOf(each))
    names.push(each.constructor.name);
  return names.includes('ErrorReply');
}

function stored(reply: unknown): Uint8Array | undefined {
  if (reply === null) return undefined;
  if (!(reply instanceof Uint8Array)) throw rubbish();
  return reply.length === 0 || reply.length > maxValueBytes ? undefined : copyOf(reply);
}

function isOk(reply: unknown): boolean {
  if (String(reply) !== 'OK') throw rubbish();
  return true;
}

function isOne(reply: unknown): boolean {
  if (reply !== 0 && reply !== 1) throw rubbish();
  return reply === 1;
}

function neverEvicts(reply: unknown): boolean {
  if (!(reply instanceof Uint8Array)) throw rubbish();
  return /^maxmemory_policy:noeviction\r?$/m.test(Buffer.from(reply).toString('latin1'));
}

function rubbish(): SessionStoreError {
  return new SessionStoreError('rubbish', 'what Redis answered is no answer to what it was asked');
}

/** Zero-copy: the client needs a Buffer. */
function sized(value: Uint8Array): Buffer {
  if (value.length > maxValueBytes)
    throw new SessionStoreError('refused', `a value of ${value.length} bytes, of which ${maxValueBytes} fit`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function whole(ttlMs: number): string {
  return String(Math.max(1, Math.min(Math.floor(ttlMs), maxTtlMs)));
}

/** Puts a value onto a list, drops the oldest of too many, and lets the list live as long as its newest value. */
const pushScript =
  "redis.call('RPUSH', KEYS[1], ARGV[1]) redis.call('LTRIM', KEYS[1], ARGV[2], -1) return redis.call('PEXPIRE', KEYS[1], ARGV[3])";

/** RESP's blob strings as bytes, whatever the client was told; all else stays what it is. */
const asBuffers = { 36: Buffer };
const maxValueBytes = 2 ** 20;
const maxTtlMs = 366 * 86_400_000;
const policyMs = 60_000;
