import type { ServerConfig } from '../../config/server.ts';
import { isForTls13Alone } from '../../crypto/signature-schemes.ts';
import { TlsError } from '../../errors/tls-error.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import { presented } from '../../auth/own-certificate.ts';
import { signAsk } from '../../auth/sign.ts';
import { withExtraExtensions } from '../../config/arrange-extensions.ts';
import { ExtensionBlock } from '../../extensions/block.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../extensions/certificate-type.ts';
import { ecPointFormatsExtension } from '../../extensions/ec-point-formats.ts';
import { encryptThenMacExtension } from '../../extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../extensions/extended-main-secret.ts';
import { nextProtocolNegotiationExtension } from '../../extensions/next-protocol-negotiation.ts';
import { renegotiationInfoExtension } from '../../extensions/renegotiation-info.ts';
import { serverNameExtension } from '../../extensions/server-name.ts';
import { sessionTicketExtension } from '../../extensions/session-ticket.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import { preceded, type Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context, Effect, ReceivedHello } from '../../machine/step.ts';
import { encodeMessage12 } from '../../messages/tls12.ts';
import { serverKeyExchangeOf } from '../../messages/tls12/server-key-exchange.ts';
import { certificateTypeNumbers, clientCertificateType } from '../../negotiate/certificate-type.ts';
import { serverRandomOf } from '../../negotiate/version.ts';
import { clientCertificateTypes } from '../../registry/client-certificate-types.ts';
import { pointFormats } from '../../registry/point-formats.ts';
import type { CertificateTypeName } from '../../values/credential.ts';
import type { SignReply } from '../../values/decisions.ts';
import { concat, copyOf } from '../../wire/bytes.ts';
import { agreedFacts, type Agreed } from '../agreed.ts';
import { keyExchangeOf } from '../key-exchange/of-suite.ts';
import { hintMessage } from '../key-exchange/psk.ts';
import { hasCertificate, needsPsk, type Suite12 } from '../suites.ts';
import { knowsSecureRenegotiation, originOf } from './origin.ts';
import { agreedLimits } from './limits.ts';
import { checkNoWeaker, establishedOf, serverInfo } from '../renegotiation.ts';
import { certificateOf12 } from '../peer-certificate.ts';
import { scheme12 } from '../signature-schemes.ts';
import { signatureOf } from '../signing.ts';
import { agreesToEncryptThenMac, highestOf, negotiatedProtocol, nextProtocolsFor } from './negotiate.ts';
import { issuedFor } from './new-session.ts';
import type { Chosen, ServerHandshake, ServerState } from './states.ts';

/** ServerHello to ServerKeyExchange (RFC 5246 §7.3, figure 1); nothing leaves before the signature is there. */
export function sendFirstFlight(
  chosen: Chosen,
  ocspResponse: Uint8Array | undefined,
  context: Context,
): Move<ServerState> {
  const { received, profile, suite } = chosen;
  const { credential, scheme } = chosen.signer ?? {};
  const { config, hello } = received;
  const alpnProtocol = negotiatedProtocol(received);
  const agreed: Agreed = {
    profile,
    suite,
    clientRandom: copyOf(hello.random),
    serverRandom: serverRandomOf(context.entropy.random(32), profile.version, highestOf(config)),
    extendedMainSecret: hello.extensions.has(extendedMainSecretExtension),
    encryptThenMac: agreesToEncryptThenMac(received, suite),
    alpnProtocol,
    nextProtocols: nextProtocolsFor(received, alpnProtocol),
  };
  const certificateKey =
    credential === undefined || credential.key === 'external' ? undefined : credential.key.kind;
  const exchange = keyExchangeOf(suite);
  const agreement = exchange.kind === 'preShared' ? exchange.other : exchange;
  const begun =
    agreement?.kind === 'agreement' ? agreement.begin({ config, hello, certificateKey }, context) : undefined;
  const limits = agreedLimits(received);
  const issued = issuedFor(received, agreed, context);
  checkNoWeaker(establishedOf(received.renegotiation), agreed, 'client_hello');
  const handshake: ServerHandshake = {
    config,
    origin: originOf(received),
    agreed,
    issued,
    serverName: received.view.serverName,
    key: begun?.key,
    credential,
    clientCertificateType: askedType(received, suite),
    clientVersion: hello.legacyVersion,
  };
  let flight = Flight.after(context.after).append(
    encodeMessage12({
      type: 'server_hello',
      serverVersion: profile.version,
      random: agreed.serverRandom,
      sessionId: issued?.as === 'id' ? issued.sessionId : new Uint8Array(0),
      cipherSuite: suite.id,
      compressionMethod: 0,
      extensions: ExtensionBlock.of(
        'SH12',
        withExtraExtensions(
          [...answers(chosen, handshake, ocspResponse), ...limits.extensions],
          config,
          'SH12',
          hello.extensions,
        ),
      ),
    }),
  );
  if (credential !== undefined) {
    flight = flight.append(certificateOf12(credential));
  }
  if (ocspResponse !== undefined) {
    flight = flight.append(encodeMessage12({ type: 'certificate_status', response: ocspResponse }));
  }
  const signer = chosen.signer && { ...chosen.signer, delegation: undefined };
  const known = [
    agreedFacts(agreed, handshake.origin.isSecure, false, begun?.facts),
    ...limits.effects,
    ...(begun === undefined ? [] : [{ do: 'holdForHandshake', secrets: [begun.key] } as const]),
    ...(signer === undefined ? [] : presented(signer)),
  ];
  if (exchange.kind === 'preShared') {
    const message = hintMessage(config.pskIdentityHint, begun?.paramsBytes);
    const hinted = message === undefined ? flight : flight.append(encodeMessage12(message));
    return preceded(known, completed(handshake, hinted, []));
  }
  if (begun === undefined) return preceded(known, completed(handshake, flight, []));
  const { paramsBytes } = begun;
  if (signer === undefined || scheme === undefined) {
    const unsigned = flight.append(encodeMessage12(serverKeyExchangeOf(paramsBytes, undefined)));
    return preceded(known, completed(handshake, unsigned, []));
  }
  return {
    state: { at: 'decideSign', handshake, flight, paramsBytes, scheme },
    effects: known,
    ask: signAsk(
      signer,
      concat([agreed.clientRandom, agreed.serverRandom, paramsBytes]),
      scheme12(scheme)?.algorithm,
    ),
  };
}

/** What the client is asked for, if it is: not where it has a key, or we are nobody in particular (RFC 5246 §7.4.4). */
function askedType(received: ReceivedHello, suite: Suite12): CertificateTypeName | undefined {
  const mayAsk = hasCertificate(suite) && !needsPsk(suite);
  return received.config.clientAuthentication === 'none' || !mayAsk
    ? undefined
    : clientCertificateType(received);
}

/** ServerKeyExchange, a request for the client's certificate, ServerHelloDone. */
export function onSignature(
  { handshake, flight, paramsBytes, scheme }: Extract<ServerState, { at: 'decideSign' }>,
  reply: SignReply,
): Move<ServerState> {
  const signed = signatureOf(scheme, handshake.agreed.profile, reply, 'server_key_exchange');
  const signedFlight = flight.append(encodeMessage12(serverKeyExchangeOf(paramsBytes, signed)));
  return completed(handshake, signedFlight, [{ do: 'fact', facts: { ownSignatureScheme: scheme } }]);
}

/** What follows the key exchange. */
function completed(handshake: ServerHandshake, flight: Flight, known: readonly Effect[]): Move<ServerState> {
  const { config, agreed } = handshake;
  const { profile } = agreed;
  let complete = flight;
  const asksClient = handshake.clientCertificateType !== undefined;
  if (asksClient) {
    complete = complete.append(
      encodeMessage12({
        type: 'certificate_request',
        certificateTypes: [clientCertificateTypes.ecdsa_sign, clientCertificateTypes.rsa_sign],
        supportedSignatureAlgorithms: profile.signs.hasSchemeField ? askedSchemes(config) : undefined,
        certificateAuthorities: config.certificateAuthorities,
      }),
    );
  }
  const effects: readonly Effect[] = [
    ...known,
    ...complete.append(encodeMessage12({ type: 'server_hello_done' })).finish(),
  ];
  return {
    state: asksClient
      ? { at: 'awaitCertificate', handshake }
      : { at: 'awaitClientKeyExchange', handshake, client: undefined },
    effects,
  };
}

/** What we say to the client's extensions: only to those that it has sent (RFC 5246 §7.4.1.4). */
function answers(
  { received, signer }: Chosen,
  { agreed, issued, credential, clientCertificateType: asked }: ServerHandshake,
  ocspResponse: Uint8Array | undefined,
): RawExtension[] {
  const { hello } = received;
  const list = agreedAnswers(received, agreed);
  // RFC 6066 §3: an empty server_name says that the name was used; in resumed handshakes it must not stand.
  if (received.view.serverName !== undefined && received.config.acknowledgeServerName)
    list.push(extension('SH12', serverNameExtension, true));
  if (issued?.as === 'ticket') list.push(extension('SH12', sessionTicketExtension, true));
  if (ocspResponse !== undefined) list.push(extension('SH12', statusRequestExtension, true));
  // RFC 7250 §4.2: one type of each list, if we show such a certificate or ask for one.
  if (credential !== undefined && hello.extensions.has(serverCertificateTypeExtension)) {
    const [type] = certificateTypeNumbers([credential.type]);
    list.push(extension('SH12', serverCertificateTypeExtension, type!));
  }
  if (asked !== undefined && hello.extensions.has(clientCertificateTypeExtension)) {
    const [type] = certificateTypeNumbers([asked]);
    list.push(extension('SH12', clientCertificateTypeExtension, type!));
  }
  const timestamps =
    signer?.credential.type === 'x509' ? (signer.credential.signedCertificateTimestamps ?? []) : [];
  if (timestamps.length > 0 && hello.extensions.has(signedCertificateTimestampExtension)) {
    list.push(extension('SH12', signedCertificateTimestampExtension, timestamps));
  }
  return list;
}

/** What is said in a resumed handshake, too. */
export function agreedAnswers({ hello, renegotiation }: ReceivedHello, agreed: Agreed): RawExtension[] {
  const list: RawExtension[] = [];
  if (knowsSecureRenegotiation(hello)) {
    list.push(extension('SH12', renegotiationInfoExtension, serverInfo(establishedOf(renegotiation))));
  }
  if (agreed.extendedMainSecret) list.push(extension('SH12', extendedMainSecretExtension, true));
  if (agreed.encryptThenMac) list.push(extension('SH12', encryptThenMacExtension, true));
  if (hello.extensions.has(ecPointFormatsExtension) && usesCurves(agreed.suite)) {
    list.push(extension('SH12', ecPointFormatsExtension, [pointFormats.uncompressed]));
  }
  if (agreed.alpnProtocol !== null && renegotiation === undefined)
    list.push(extension('SH12', alpnExtension, agreed.alpnProtocol));
  if (agreed.nextProtocols !== undefined) {
    list.push(extension('SH12', nextProtocolNegotiationExtension, agreed.nextProtocols));
  }
  return list;
}

/** RFC 8422 §5.2: point formats are answered "when negotiating an ECC cipher suite". */
function usesCurves({ keyExchange, authentication }: Suite12): boolean {
  return keyExchange === 'ecdhe' || keyExchange === 'ecdhePsk' || authentication === 'ecdsa';
}

/** What is for TLS 1.3 alone is not asked for here. */
function askedSchemes({ signatureSchemes }: ServerConfig): readonly SignatureScheme[] {
  const asked = signatureSchemes.filter((scheme) => !isForTls13Alone(scheme));
  if (asked.length > 0) return asked;
  throw new TlsError('incompatible.signatureSchemes', 'none of signatureSchemes is for this version', {
    section: 'RFC 5246 §7.4.4',
    handshakeMessage: 'certificate_request',
    field: 'supported_signature_algorithms',
  });
}
