import { checkRawPublicKey } from '../auth/raw-public-key.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';
import { encodeHandshake } from '../messages/envelope.ts';
import { encodeMessage12, tls12Messages, type Tls12Message } from '../messages/tls12.ts';
import { certificate12, type Certificate12 } from '../messages/tls12/certificate.ts';
import type { MessageDecoder } from '../messages/table.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import type { CertificateTypeName, Credential } from '../values/credential.ts';
import type { PeerEvidence } from '../values/peer-evidence.ts';
import { copyOf } from '../wire/bytes.ts';
import { decode, encode, opaque24 } from '../wire/codec.ts';

/**
 * Certificate is of a type that the hellos have settled and the message does not say (RFC 7250 §3): it stays bytes until
 * somebody reads it who knows.
 *
 *     struct {
 *         select(certificate_type){
 *             case RawPublicKey:
 *                 opaque ASN.1_subjectPublicKeyInfo<1..2^24-1>;
 *             case X.509:
 *                 opaque certificate_list<0..2^24-1>;
 *         };
 *     } Certificate;
 */
export interface CertificateBytes {
  readonly type: 'certificate';
  readonly body: Uint8Array;
}

/** What the machines read. */
export type ReadMessage12 = Exclude<Tls12Message, Certificate12> | CertificateBytes;

/** As `tls12Messages`, with Certificate as bytes. */
export function readMessages12(signsWithScheme: boolean): ReadonlyMap<number, MessageDecoder<ReadMessage12>> {
  const decoders: [number, MessageDecoder<Tls12Message>][] = [...tls12Messages(signsWithScheme)];
  return new Map<number, MessageDecoder<ReadMessage12>>(
    decoders.map(([type, decoder]) => [
      type,
      type === handshakeTypes.certificate
        ? { ...decoder, decode: (body): CertificateBytes => ({ type: 'certificate', body }) }
        : (decoder as MessageDecoder<Exclude<Tls12Message, Certificate12>>),
    ]),
  );
}

/** What a peer presents, copied, because the transcript still holds the message; `undefined`: nothing. */
export function presentedEvidence(
  { body }: CertificateBytes,
  type: CertificateTypeName,
  { certificateEntries }: Limits,
): PeerEvidence | undefined {
  if (type === 'rawPublicKey') {
    // Without a key a client has nothing to say but that (RFC 5246 §7.4.6).
    const spki = decode(subjectPublicKeyInfo, body, 'certificate');
    if (spki.length === 0) return undefined;
    checkRawPublicKey(spki, 'RFC 7250 §3');
    return { type, spki: copyOf(spki) };
  }
  const { certificateList } = decode(certificate12, body, 'certificate');
  if (certificateList.length > certificateEntries) {
    throw new TlsError(
      'peer.messageTooLarge',
      `the peer sent ${certificateList.length} certificates, the limit is ${certificateEntries}`,
      { section: 'RFC 5246 §7.4.2', handshakeMessage: 'certificate', field: 'certificate_list' },
    );
  }
  if (certificateList.length === 0) return undefined;
  return { type, chain: certificateList.map((certificate) => ({ certificate: copyOf(certificate) })) };
}

/** Our Certificate, empty without a credential. */
export function certificateOf12(credential: Credential | undefined): Uint8Array {
  return credential?.type === 'rawPublicKey'
    ? encodeHandshake(handshakeTypes.certificate, encode(subjectPublicKeyInfo, credential.spki))
    : encodeMessage12({ type: 'certificate', certificateList: credential?.chain ?? [] });
}

const subjectPublicKeyInfo = /* @__PURE__ */ opaque24();
