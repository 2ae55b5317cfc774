import type { ClientConfig } from '../../config/client.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import type { ExtensionBlock } from '../../extensions/block.ts';
import { encryptThenMacExtension } from '../../extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../extensions/extended-main-secret.ts';
import { maxFragmentLengthExtension } from '../../extensions/max-fragment-length.ts';
import { recordSizeLimitExtension } from '../../extensions/record-size-limit.ts';
import { renegotiationInfoExtension } from '../../extensions/renegotiation-info.ts';
import { sessionTicketExtension } from '../../extensions/session-ticket.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import { preceded, type Move } from '../../machine/define.ts';
import type { Context, Effect, SentHello, Renegotiation } from '../../machine/step.ts';
import type { LegacyServerHello } from '../../messages/server-hello.ts';
import { receiveCustomExtensions } from '../../negotiate/custom-extensions.ts';
import { chosenCertificateTypes } from '../../negotiate/certificate-type.ts';
import { confirmedFragmentLength } from '../../negotiate/max-fragment-length.ts';
import { checkedRecordSizeLimit, olderLimitEffects } from '../../negotiate/record-size-limit.ts';
import { serverHello12, type ServerHello12 } from '../../messages/tls12/server-hello.ts';
import { registryName } from '../../registry/registered.ts';
import { suites12 } from '../../registry/suites12.ts';
import { copyOf } from '../../wire/bytes.ts';
import { agreedFacts, type Agreed } from '../agreed.ts';
import { allowsSuite, profileOf, type Profile } from '../profile.ts';
import { checkInfo, checkNoWeaker, establishedOf, serverInfo, type Established } from '../renegotiation.ts';
import { hasCertificate, needsPsk, suite12, type Suite12 } from '../suites.ts';
import { beginResumed, resumedSession } from './resume.ts';
import { listedProtocols } from './next-protocol.ts';
import { checkServerExtensions } from './server-extensions.ts';
import { afterCertificate } from './server-flight.ts';
import type { ClientHandshake, ClientOrigin, ClientState } from './states.ts';

/** ServerHello (RFC 5246 §7.4.1.3): the suite, and which of our extensions the server takes up. */
export function onServerHello(
  sent: SentHello,
  message: LegacyServerHello,
  context: Context,
): Move<ClientState> {
  return onAcceptableServerHello(sent, serverHello12(message, sent.hello.extensions), undefined, context);
}

/** Its version is one that we offered, and its extensions are answers to ours. */
export function onAcceptableServerHello(
  sent: SentHello,
  message: ServerHello12,
  renegotiation: Renegotiation | undefined,
  context: Context,
): Move<ClientState> {
  const { config, hello } = sent;
  const { extensions } = message;
  const profile = profileOf(message.serverVersion);
  const suite = selectedSuite(profile, hello.cipherSuites, message);
  if (message.compressionMethod !== 0) {
    throw new TlsError(
      'peer.illegalCompressionMethods',
      `the server selected compression method ${message.compressionMethod}, we offered none`,
      at('compression_method'),
    );
  }
  const before = establishedOf<ClientConfig>(renegotiation);
  const isSecure = knowsSecureRenegotiation(extensions, before, config);
  checkServerExtensions(extensions);
  if (sent.ech?.state === 'rejected' && !provesNameAlone(suite)) throw nobodyRejects(suite);
  const agreed: Agreed = {
    profile,
    suite,
    clientRandom: copyOf(hello.random),
    serverRandom: copyOf(message.random),
    extendedMainSecret: extensions.has(extendedMainSecretExtension),
    encryptThenMac: encryptsThenMacs(extensions, suite),
    alpnProtocol: before === undefined ? selectedProtocol(extensions, config) : before.alpnProtocol,
    nextProtocols: listedProtocols(extensions),
  };
  checkNoWeaker(before, agreed, 'server_hello');
  const origin: ClientOrigin = { config, again: sent.again, isSecure, before };
  const expectsTicket = extensions.has(sessionTicketExtension);
  const sessionId = copyOf(message.sessionId);
  const known: readonly Effect[] = [
    ...receiveCustomExtensions(config.customExtensions, extensions, hello.extensions),
    ...limits(config, extensions),
  ];
  const resumed = resumedSession(sent, sessionId, agreed);
  if (resumed !== undefined) {
    const begun = beginResumed(origin, agreed, resumed, expectsTicket, context);
    return preceded(known, begun);
  }
  if (config.requirePsk && !needsPsk(suite)) {
    const mayUseOne = hello.cipherSuites.some((id) => needsPskOf(id));
    throw mayUseOne
      ? new TlsError('incompatible.pskRequired', `the server uses no pre-shared key, but ${suite.name}`, {
          ...at('cipher_suite'),
          section: 'RFC 4279 §2',
        })
      : new TlsError(
          'incompatible.version',
          'the server selects a version for which we have no pre-shared key',
          {
            ...at('server_version'),
            section: 'RFC 9846 §E.1',
          },
        );
  }
  const handshake: ClientHandshake = {
    config,
    origin,
    hello,
    agreed,
    sessionId,
    expectsTicket,
    certificateTypes: chosenCertificateTypes(hello, extensions),
    staples: extensions.has(statusRequestExtension),
    signedCertificateTimestamps: extensions.get(signedCertificateTimestampExtension)?.map(copyOf),
    hasRejectedEch: sent.ech?.state === 'rejected',
  };
  return {
    state: hasCertificate(suite)
      ? { at: 'awaitCertificate', handshake }
      : afterCertificate(handshake, undefined),
    effects: [agreedFacts(agreed, isSecure, false), ...known],
  };
}

function needsPskOf(id: number): boolean {
  const suite = suite12(id);
  return suite !== undefined && needsPsk(suite);
}

function provesNameAlone(suite: Suite12): boolean {
  return hasCertificate(suite) && !needsPsk(suite);
}

/** Only the server of the public name may say that Encrypted Client Hello is off, and no pre-shared key is for it (RFC 9849 §6.1.6). */
function nobodyRejects({ name }: Suite12): TlsError {
  return new TlsError(
    'incompatible.cipherSuites',
    `the server did not decrypt the hello, and with ${name} it proves no name`,
    { ...at('cipher_suite'), section: 'RFC 9849 §6.1.7' },
  );
}

/** What the server agrees to of our limits, and its own (RFC 8449 §4, RFC 6066 §4). */
function limits(config: ClientConfig, extensions: ExtensionBlock<'SH12'>): readonly Effect[] {
  const limit = extensions.get(recordSizeLimitExtension);
  const code = extensions.get(maxFragmentLengthExtension);
  // One that was not offered is refused as unsolicited.
  const fragment =
    code === undefined || config.maxFragmentLength === undefined
      ? undefined
      : confirmedFragmentLength(code, config.maxFragmentLength, limit !== undefined, 'server_hello');
  const ofPeer = limit === undefined ? undefined : checkedRecordSizeLimit(limit, 'server_hello');
  return olderLimitEffects({ own: config.recordSizeLimit, ofPeer }, fragment);
}

function selectedSuite(profile: Profile, offered: readonly number[], message: ServerHello12): Suite12 {
  const suite = suite12(message.cipherSuite);
  if (suite !== undefined && offered.includes(suite.id) && allowsSuite(profile, suite)) return suite;
  throw new TlsError(
    'peer.unofferedCipherSuite',
    `the server selected ${registryName(suites12, message.cipherSuite)}, which we did not offer for this version`,
    at('cipher_suite'),
  );
}

/**
 * RFC 5746 §3.4, §3.5: renegotiation_info is there, and in the first handshake it is empty. A server without it could be made to splice
 * our handshake into a connection of somebody else's, and we could not tell; whoever wants to speak to it in spite of that
 * renegotiates with it only if that is allowed by name.
 */
function knowsSecureRenegotiation(
  extensions: ExtensionBlock<'SH12'>,
  before: Established<ClientConfig> | undefined,
  { requireSecureRenegotiation }: ClientConfig,
): boolean {
  const info = extensions.get(renegotiationInfoExtension);
  if (before?.isSecure === false) return staysInsecure(info);
  if (info === undefined && before === undefined && !requireSecureRenegotiation) return false;
  if (info === undefined) {
    throw new TlsError(
      'incompatible.insecureRenegotiation',
      'the server does not know secure renegotiation (RFC 5746)',
      { ...at('renegotiation_info'), section: before === undefined ? 'RFC 5746 §4.1' : 'RFC 5746 §3.5' },
    );
  }
  checkInfo(info, serverInfo(before), {
    handshakeMessage: 'server_hello',
    first: 'RFC 5746 §3.4',
    later: 'RFC 5746 §3.5',
  });
  return true;
}

/** A server that has known nothing of it learns nothing: it is another one, or an attack (RFC 5746 §4.2). */
function staysInsecure(info: Uint8Array | undefined): false {
  if (info === undefined) return false;
  throw new TlsError(
    'peer.badRenegotiationInfo',
    'renegotiation_info from a server that did not know it in the handshake before',
    { ...at('renegotiation_info'), section: 'RFC 5746 §4.2' },
  );
}

/** RFC 7366 §3: not with a suite that has no MAC to encrypt before. */
function encryptsThenMacs(extensions: ExtensionBlock<'SH12'>, { cipher, name }: Suite12): boolean {
  if (!extensions.has(encryptThenMacExtension)) return false;
  if (cipher.type === 'cbc') return true;
  throw new TlsError('peer.illegalExtension', `encrypt_then_mac with ${name}`, {
    ...at('encrypt_then_mac'),
    section: 'RFC 7366 §3',
  });
}

/** RFC 7301 §3.1: one protocol, of those that we offered. */
function selectedProtocol(
  extensions: ExtensionBlock<'SH12'>,
  { alpnProtocols: offered, acceptUnofferedAlpn }: ClientConfig,
): string | null {
  const protocol = extensions.get(alpnExtension);
  if (protocol === undefined) return null;
  if (offered.includes(protocol) || acceptUnofferedAlpn) return protocol;
  throw new TlsError('peer.unofferedAlpn', `the server selected ${protocol}, which we did not offer`, {
    ...at('application_layer_protocol_negotiation'),
    section: 'RFC 7301 §3.1',
  });
}

const at = (field: string) => ({ section: 'RFC 5246 §7.4.1.3', handshakeMessage: 'server_hello', field });
