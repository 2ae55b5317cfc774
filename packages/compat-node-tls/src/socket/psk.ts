import { type DecisionOf, type ExternalPsk, type LookupPskReply, protocolVersions } from '@sealwire/core';
import { invalidArgType, invalidArgValue } from '../errors/arguments.ts';
import { validateBuffer, validateObject, validateString } from '../errors/validators.ts';
import type { TLSSocketFields } from './fields.ts';

/** OpenSSL's bounds for what `pskCallback` returns, in bytes. */
const mostKeyBytes = 256;
const mostIdentityBytes = 128;

type ClientCallback = (hint: string | null) => { psk: Uint8Array; identity: string } | null | undefined;
type ServerCallback = (
  socket: unknown,
  identity: string,
) => Uint8Array | { psk: Uint8Array } | null | undefined;

/** Asks the application's `pskCallback`; what it throws, or returns in a wrong form, ends the connection. */
export function answerPsk(socket: TLSSocketFields, { ask }: DecisionOf<'lookupPsk'>): LookupPskReply {
  const callback = socket._tlsOptions.pskCallback;
  const isBeforeHello = ask.role === 'client' && ask.version === undefined;
  // Before TLS 1.3 OpenSSL asks when the server has been heard, and offers the suites all the same.
  if (isBeforeHello && socket._handle?.getProtocol() !== 'TLSv1.3')
    return { ok: true, psks: [], awaitsHint: true };
  try {
    if (ask.role === 'server') {
      const psks = ask.identities.flatMap((identity) =>
        serverKey(socket, callback as ServerCallback, identity),
      );
      // In TLS 1.3 a client whose identity nobody knows may still be served by certificate.
      return { ok: true, psks, tellUnknown: ask.version !== protocolVersions.tls13 };
    }
    const hint = ask.hint === undefined ? null : Buffer.from(ask.hint).toString();
    return { ok: true, psks: clientKey(socket, callback as ClientCallback, hint), awaitsHint: isBeforeHello };
  } catch (error) {
    socket.destroy(error as Error);
    return { ok: false, message: 'pskCallback failed', cause: error };
  }
}

function serverKey(socket: TLSSocketFields, callback: ServerCallback, identity: Uint8Array): ExternalPsk[] {
  const answer = callback.call(socket, socket, Buffer.from(identity).toString());
  if (answer == null) return [];
  const isView = ArrayBuffer.isView(answer);
  if (!isView && typeof answer !== 'object')
    throw invalidArgType('ret', ['Object', 'Buffer', 'TypedArray', 'DataView'], answer);
  const psk: unknown = isView ? answer : (answer as { psk: Uint8Array }).psk;
  validateBuffer(psk, 'psk');
  return [pskOf(identity, psk)];
}

function clientKey(socket: TLSSocketFields, callback: ClientCallback, hint: string | null): ExternalPsk[] {
  const answer = callback.call(socket, hint);
  if (answer == null) return [];
  validateObject(answer, 'ret');
  const { psk, identity } = answer;
  validateBuffer(psk, 'psk');
  const key = pskOf(Buffer.from(identity ?? ''), psk);
  validateString(identity, 'identity');
  if (Buffer.byteLength(identity) > mostIdentityBytes)
    throw invalidArgValue('identity', identity, `PSK identity exceeds ${mostIdentityBytes} bytes`);
  return [key];
}

function pskOf(identity: Uint8Array, psk: ArrayBufferView): ExternalPsk {
  const key = new Uint8Array(psk.buffer, psk.byteOffset, psk.byteLength);
  if (key.length > mostKeyBytes)
    throw invalidArgValue('psk', psk, `Pre-shared key exceeds ${mostKeyBytes} bytes`);
  return { identity, key, usedIn: 'both', hash: 'sha256' };
}
