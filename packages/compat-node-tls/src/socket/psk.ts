import { type DecisionOf, type ExternalPsk, type LookupPskReply, protocolVersions } from '@sealwire/core';
import { answered, isThenable } from '../beyond/answer.ts';
import { invalidArgType, invalidArgValue } from '../errors/arguments.ts';
import { validateBuffer, validateObject, validateString } from '../errors/validators.ts';
import type { TLSSocketFields } from './fields.ts';
import type { TlsHandle } from './tls-handle.ts';

/** OpenSSL's bounds for what `pskCallback` returns, in bytes. */
const mostKeyBytes = 256;
const mostIdentityBytes = 128;

type ClientCallback = (hint: string | null) => unknown;
type ServerCallback = (socket: unknown, identity: string) => unknown;

/**
 * Asks the application's `pskCallback`. What it throws, or returns in a wrong form, ends the connection, as in Node. Unlike there it
 * may return a promise: in Node an object without `psk` has always been an error, so that no answer changes its meaning.
 */
export function askForPsk(
  socket: TLSSocketFields,
  handle: TlsHandle,
  decision: DecisionOf<'lookupPsk'>,
): void {
  const { ask } = decision;
  const isServer = ask.role === 'server';
  const isBeforeHello = !isServer && ask.version === undefined;
  // Before TLS 1.3 OpenSSL asks when the server has been heard, and offers the suites all the same.
  if (isBeforeHello && handle.getProtocol() !== 'TLSv1.3') {
    handle.pump.answer(decision, { ok: true, psks: [], awaitsHint: true });
    return;
  }
  const tell = (keys: ExternalPsk[][]): void => {
    const psks = keys.flat();
    // In TLS 1.3 a client whose identity nobody knows may still be served by certificate.
    const reply: LookupPskReply = isServer
      ? { ok: true, psks, tellUnknown: ask.version !== protocolVersions.tls13 }
      : { ok: true, psks, awaitsHint: isBeforeHello };
    handle.pump.answer(decision, reply);
  };
  let asked: Keys[];
  try {
    asked = isServer ? serverKeys(socket, ask.identities) : [clientKey(socket, ask.hint)];
  } catch (error) {
    socket.destroy(error as Error);
    handle.pump.answer(decision, { ok: false, message: 'pskCallback failed', cause: error });
    return;
  }
  if (!asked.some(isThenable)) {
    tell(asked as ExternalPsk[][]);
    return;
  }
  answered<ExternalPsk[][], ExternalPsk[][] | Error>(
    () => Promise.all(asked),
    { of: (keys) => keys, refusal: (error) => error },
    (keys) => (keys instanceof Error ? handle.abandon(keys) : tell(keys)),
  );
}

type Keys = ExternalPsk[] | PromiseLike<ExternalPsk[]>;

function serverKeys(socket: TLSSocketFields, identities: readonly Uint8Array[]): Keys[] {
  const callback = socket._tlsOptions.pskCallback as ServerCallback;
  return identities.map((identity) =>
    read(callback.call(socket, socket, Buffer.from(identity).toString()), (answer) =>
      serverKey(identity, answer),
    ),
  );
}

function serverKey(identity: Uint8Array, answer: unknown): ExternalPsk[] {
  if (answer == null) return [];
  const isView = ArrayBuffer.isView(answer);
  if (!isView && typeof answer !== 'object')
    throw invalidArgType('ret', ['Object', 'Buffer', 'TypedArray', 'DataView'], answer);
  const psk: unknown = isView ? answer : (answer as { psk: Uint8Array }).psk;
  validateBuffer(psk, 'psk');
  return [pskOf(identity, psk)];
}

function clientKey(socket: TLSSocketFields, hint: Uint8Array | undefined): Keys {
  const callback = socket._tlsOptions.pskCallback as ClientCallback;
  const answer = callback.call(socket, hint === undefined ? null : Buffer.from(hint).toString());
  return read(answer, clientKeyOf);
}

function clientKeyOf(answer: unknown): ExternalPsk[] {
  if (answer == null) return [];
  validateObject(answer, 'ret');
  const { psk, identity } = answer as { psk: unknown; identity: string };
  validateBuffer(psk, 'psk');
  const key = pskOf(Buffer.from(identity ?? ''), psk);
  validateString(identity, 'identity');
  if (Buffer.byteLength(identity) > mostIdentityBytes)
    throw invalidArgValue('identity', identity, `PSK identity exceeds ${mostIdentityBytes} bytes`);
  return [key];
}

function read(answer: unknown, key: (answer: unknown) => ExternalPsk[]): Keys {
  return isThenable(answer) ? Promise.resolve(answer).then(key) : key(answer);
}

function pskOf(identity: Uint8Array, psk: ArrayBufferView): ExternalPsk {
  const key = new Uint8Array(psk.buffer, psk.byteOffset, psk.byteLength);
  if (key.length > mostKeyBytes)
    throw invalidArgValue('psk', psk, `Pre-shared key exceeds ${mostKeyBytes} bytes`);
  return { identity, key, usedIn: 'both', hash: 'sha256' };
}
