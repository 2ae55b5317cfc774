import { TlsError } from '../../errors/tls-error.ts';
import type { ExtensionBlock } from '../../extensions/block.ts';
import { encryptedClientHelloExtension } from '../../extensions/encrypted-client-hello.ts';
import type { EchProgress } from '../../machine/ech.ts';
import type { Context, Effect, SentHello } from '../../machine/step.ts';
import type { HelloRetryRequest, ServerHello } from '../../messages/server-hello.ts';
import { copyOf } from '../../wire/bytes.ts';
import { hashOf, suite13 } from '../suites.ts';
import type { ClientHandshake, ClientOffer } from './states.ts';

/** Which of two hellos a server answers, and all that follows from it. */
interface Settled {
  readonly sent: SentHello;
  readonly context: Context;
  readonly effects: readonly Effect[];
}

/**
 * Determining ECH acceptance (RFC 9849 §6.1.4), before anything else of the message is looked at: from here on either
 * the inner hello is what we have sent, or the outer one is and the server has to be its public name.
 */
export function settleEch(
  sent: SentHello,
  message: ServerHello | HelloRetryRequest,
  context: Context,
): Settled {
  const { ech } = sent;
  const unchanged = { sent, context, effects: [] };
  if (ech === undefined || ech.state === 'rejected') return unchanged;
  if (ech.state === 'grease') {
    if (message.type === 'hello_retry_request') ech.offer.checkRetry(message);
    return { ...unchanged, effects: [{ do: 'fact', facts: { encryptedClientHello: 'grease' } }] };
  }
  const suite = suite13(message.cipherSuite);
  // A suite that we do not know is refused by whoever reads on.
  if (suite === undefined) return unchanged;
  const hash = hashOf(suite, context.provider);
  const { offer } = ech;
  if (ech.state === 'accepted') {
    if (offer.isConfirmed(message, context.before, hash)) return unchanged;
    throw new TlsError(
      'peer.encryptedHelloNotConfirmed',
      'the ServerHello does not confirm the encrypted hello that the HelloRetryRequest did',
      { section: 'RFC 9849 §6.1.5', handshakeMessage: message.type, field: 'random' },
    );
  }
  const before = ech.transcript;
  const covered = message.type === 'server_hello' ? before : before.replacedByMessageHash(hash);
  if (!offer.isConfirmed(message, covered, hash)) return { ...rejected(sent, ech), context };
  const after = before.append(context.raw);
  return {
    sent: { ...sent, hello: offer.inner, ech: { state: 'accepted', offer } },
    context: { ...context, before, after },
    effects: [
      { do: 'setTranscript', transcript: after },
      {
        do: 'fact',
        facts: { encryptedClientHello: 'accepted', clientRandom: copyOf(offer.inner.random) },
      },
    ],
  };
}

/** RFC 9849 §6.1.6: the peer is its public name, gets no certificate of ours, and none of our pre-shared keys was offered. */
function rejected(
  sent: SentHello,
  { offer }: Extract<EchProgress, { state: 'offered' }>,
): Omit<Settled, 'context'> {
  const carry: ClientOffer = { ...(sent.carry as ClientOffer), psks: [] };
  return {
    sent: {
      ...sent,
      config: { ...sent.config, serverName: offer.publicName },
      carry,
      ech: { state: 'rejected', offer },
    },
    effects: [{ do: 'fact', facts: { encryptedClientHello: 'rejected' } }],
  };
}

/** The retry configurations in EncryptedExtensions (RFC 9849 §6.1.6); worth something only once the server is proven. */
export function retryConfigsOf(
  { ech }: Pick<ClientHandshake, 'ech'>,
  extensions: ExtensionBlock<'EE'>,
): Uint8Array | undefined {
  const data = extensions.raw(encryptedClientHelloExtension);
  if (data === undefined || ech === undefined) return undefined;
  if (ech.state === 'accepted') {
    throw new TlsError(
      'peer.unsolicitedExtension',
      'the server took the encrypted hello, and sends retry configurations all the same',
      {
        section: 'RFC 9849 §5',
        handshakeMessage: 'encrypted_extensions',
        field: 'encrypted_client_hello',
      },
    );
  }
  const configs = ech.offer.retryConfigs(data);
  return ech.state === 'rejected' ? configs : undefined;
}
