import type { ClientConfig } from '../config/client.ts';
import type { ServerConfig } from '../config/server.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { ClientAuthOptions } from '../values/client-auth-options.ts';
import type { RecordInterpreter } from './record-interpreter.ts';

/** The connection that the commands are for. */
export interface Commanded {
  readonly records: RecordInterpreter;
  /** Whether application data may leave now. */
  readonly canSend: boolean;
  /** Whether the peer may still say something: neither it nor the transport has ended. */
  readonly canHear: boolean;
  /** Runs one input; whatever it throws ends the connection, never the caller. */
  guard(run: () => void): void;
}

/** What is asked of the machine after the handshake: by the application, and by what keys and records need. */
export class Commands {
  readonly #connection: Commanded;
  /** Whether to ask the peer for new keys where it should have changed them, and whether we have. */
  readonly #asksForKeys: boolean;
  #hasAsked = false;
  #clientAuthRequests = 0;

  constructor(connection: Commanded, asksForKeys: boolean) {
    this.#connection = connection;
    this.#asksForKeys = asksForKeys;
  }

  /** Sends the client more tickets; false unless it can use them and we issue them. */
  issueTickets(count: number, nowMs: number): boolean {
    const { records } = this.#connection;
    let obeyed = false;
    if (!this.#connection.canSend) return obeyed;
    this.#connection.guard(() => {
      records.runner.tick(nowMs);
      obeyed = records.runner.command({ name: 'issueTickets', count });
    });
    return obeyed;
  }

  /** Changes our sending keys; a request of the peer that is still unanswered is answered first. */
  updateKeys(requestPeer: boolean): boolean {
    const { records } = this.#connection;
    let obeyed = false;
    if (!this.#connection.canSend) return obeyed;
    this.#connection.guard(() => {
      this.answerKeyUpdate();
      obeyed = records.runner.command({ name: 'updateKeys', requestPeer });
    });
    return obeyed;
  }

  /** Asks the client for a certificate; the id of the request, `undefined` if it cannot be made. */
  requestClientAuth(options: ClientAuthOptions, nowMs: number): number | undefined {
    const { records } = this.#connection;
    const id = this.#clientAuthRequests + 1;
    let obeyed = false;
    // A client that has said that it sends no more will not answer.
    if (!this.#connection.canSend || !this.#connection.canHear) return undefined;
    this.#connection.guard(() => {
      records.runner.tick(nowMs);
      obeyed = records.runner.command({ name: 'requestClientAuth', id, options });
    });
    if (!obeyed) return undefined;
    this.#clientAuthRequests = id;
    return id;
  }

  /** Another handshake, with this configuration or the present one; false if there can be none now. */
  renegotiate(config: ClientConfig | ServerConfig | undefined, nowMs: number): boolean {
    const { records } = this.#connection;
    let obeyed = false;
    if (!this.#connection.canSend || !this.#connection.canHear) return obeyed;
    this.#connection.guard(() => {
      records.runner.tick(nowMs);
      obeyed = records.runner.command({ name: 'renegotiate', config });
    });
    return obeyed;
  }

  /** Pays what the peer has asked for, if anything, and if it may leave. */
  answerKeyUpdate(): void {
    const { records, canSend } = this.#connection;
    if (records.owesKeyUpdate && canSend) records.runner.command({ name: 'answerKeyUpdate' });
  }

  /** The sending key has sealed what it may. */
  replaceWornKeys(): void {
    if (this.#connection.records.runner.command({ name: 'writeLimitReached' })) return;
    const message = 'the key has sealed all records it may and cannot be updated';
    throw new TlsError('local.keyUsageLimit', message, { section: 'RFC 9846 §5.5' });
  }

  /** The receiving key has opened what it should. RFC 9846 §4.7.3: asked once, until the peer has changed its keys. */
  askForKeys(): void {
    const { records, canSend } = this.#connection;
    if (!this.#asksForKeys || this.#hasAsked || !canSend) return;
    this.#hasAsked = records.runner.command({ name: 'updateKeys', requestPeer: true });
  }

  peerChangedKeys(): void {
    this.#hasAsked = false;
  }
}
