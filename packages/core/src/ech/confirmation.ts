import { equalSecrets } from '../crypto/constant-time.ts';
import { hkdfExpandLabel, hkdfExtract } from '../crypto/hkdf.ts';
import type { HashFunction } from '../crypto/provider.ts';
import { TlsError } from '../errors/tls-error.ts';
import { encryptedClientHelloExtension } from '../extensions/encrypted-client-hello.ts';
import type { HelloRetryRequest, ServerHello } from '../messages/server-hello.ts';
import { encodeMessage } from '../messages/tls13.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { concat } from '../wire/bytes.ts';

/**
 * How a server says that it has taken the inner hello (RFC 9849 §7.2): eight bytes that only who knows the inner
 * hello can compute, at the end of ServerHello.random and in an extension of HelloRetryRequest.
 *
 * `inner`: the transcript that this message is appended to, with the inner hello.
 */
export function confirmed<M extends ServerHello | HelloRetryRequest>(
  message: M,
  innerRandom: Uint8Array,
  inner: Transcript,
  hash: HashFunction,
): M {
  return withSignal(message, signalOf(message, innerRandom, inner, hash));
}

/** Whether the message carries the signal; a HelloRetryRequest without the extension does not. */
export function isConfirmed(
  message: ServerHello | HelloRetryRequest,
  innerRandom: Uint8Array,
  inner: Transcript,
  hash: HashFunction,
): boolean {
  const got = signalIn(message);
  return got !== undefined && equalSecrets(got, signalOf(message, innerRandom, inner, hash));
}

function signalOf(
  message: ServerHello | HelloRetryRequest,
  innerRandom: Uint8Array,
  inner: Transcript,
  hash: HashFunction,
): Uint8Array {
  const blank = encodeMessage(withSignal(message, new Uint8Array(signalBytes)));
  const secret = hkdfExtract(hash, new Uint8Array(hash.outputBytes), innerRandom);
  const label = message.type === 'server_hello' ? 'ech accept confirmation' : 'hrr ech accept confirmation';
  return hkdfExpandLabel(hash, secret, label, inner.digestWith(hash, blank), signalBytes);
}

function signalIn(message: ServerHello | HelloRetryRequest): Uint8Array | undefined {
  if (message.type === 'server_hello') return message.random.subarray(32 - signalBytes);
  const signal = message.extensions.raw(encryptedClientHelloExtension);
  if (signal !== undefined) checkRetrySignal(signal);
  return signal;
}

/** RFC 9849 §6.1.4: another length than 8 is a decode_error. */
export function checkRetrySignal(signal: Uint8Array): void {
  if (signal.length === signalBytes) return;
  throw new TlsError('peer.malformedMessage', `encrypted_client_hello has ${signal.length} bytes, not 8`, {
    section: 'RFC 9849 §6.1.4',
    handshakeMessage: 'hello_retry_request',
    field: 'encrypted_client_hello',
  });
}

function withSignal<M extends ServerHello | HelloRetryRequest>(message: M, signal: Uint8Array): M {
  if (message.type === 'server_hello') {
    return { ...message, random: concat([message.random.subarray(0, 32 - signalBytes), signal]) };
  }
  const entry = { type: encryptedClientHelloExtension.type, data: signal };
  return { ...message, extensions: message.extensions.with(entry) };
}

const signalBytes = 8;
