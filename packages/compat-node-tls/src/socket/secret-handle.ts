import type { Session } from '@sealwire/core';
import type { Duplex } from 'node:stream';
import type { ContextState } from '../context/state.ts';
import type { NodeSession } from '../session/node-session.ts';
import { StreamHandle } from './handle.ts';

/** What of a handle has secrets in it: it shows neither when a socket is printed nor in its JSON. */
export abstract class SecretHandle extends StreamHandle {
  readonly #given: ContextState;
  #context: ContextState;
  #offered: NodeSession | undefined;
  #session: Session | undefined;
  #loaded: Uint8Array | undefined;

  constructor(
    carrier: Duplex,
    isNative: boolean,
    setReading: (isReading: boolean) => void,
    context: ContextState,
  ) {
    super(carrier, isNative, setReading);
    this.#given = context;
    this.#context = context;
  }

  /** What the connection is made with: as it was given, or with the certificates of another. */
  get context(): ContextState {
    return this.#context;
  }

  set context(context: ContextState) {
    this.#context = context;
  }

  /** Takes the certificates of another context, and whom it trusts; `false`: it has none. */
  present(other: ContextState): boolean {
    if (other.own === undefined) return false;
    this.context = this.#given.presenting(other);
    return true;
  }

  /** What the application wants to resume. */
  get given(): NodeSession | undefined {
    return this.#offered;
  }

  set given(session: NodeSession | undefined) {
    this.#offered = session;
  }

  /** The latest session that can resume this connection. */
  get session(): Session | undefined {
    return this.#session;
  }

  set session(session: Session | undefined) {
    this.#session = session;
  }

  /** Server: what `resumeSession` gave. */
  get loaded(): Uint8Array | undefined {
    return this.#loaded;
  }

  set loaded(session: Uint8Array | undefined) {
    this.#loaded = session;
  }
}
