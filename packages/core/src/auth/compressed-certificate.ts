import type { CertificateCompression } from '../config/certificate-compression.ts';
import { type AlgorithmCodec, compressionCodec } from '../crypto/compression.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { InternalError, TlsError } from '../errors/tls-error.ts';
import { wordsOf } from '../errors/words.ts';
import type { Effect } from '../machine/step.ts';
import { certificate as certificateCodec, type Certificate } from '../messages/certificate.ts';
import type { CompressedCertificate } from '../messages/compressed-certificate.ts';
import { encodeMessage } from '../messages/tls13.ts';
import {
  compressionAlgorithms,
  type CertificateCompressionAlgorithm,
} from '../registry/compression-algorithms.ts';
import { registryName } from '../registry/registered.ts';
import type { Limits } from '../limits.ts';
import type { Credential, Delegation } from '../values/credential.ts';
import { sameBytes } from '../wire/bytes.ts';
import { decode, encode } from '../wire/codec.ts';
import type { Signer } from './sign.ts';

/**
 * The peer's Certificate, uncompressed if it came compressed (RFC 8879 §4). `offered` is what our ClientHello or
 * CertificateRequest lists. The limit is the one of a Certificate that is not compressed, and is tested before
 * anything is expanded; what expands to more than it announced is not expanded further.
 */
export function uncompressed(
  message: Certificate | CompressedCertificate,
  offered: readonly CertificateCompressionAlgorithm[] | undefined,
  { codecs }: CertificateCompression,
  { provider, limits }: { readonly provider: CryptoProvider; readonly limits: Limits },
): Certificate {
  if (message.type === 'certificate') return message;
  const { algorithm, uncompressedLength } = message;
  const at = { section: 'RFC 8879 §4', handshakeMessage: 'compressed_certificate' };
  const name = registryName(compressionAlgorithms, algorithm);
  if (offered === undefined) {
    throw new TlsError(
      'peer.unexpectedMessage',
      'a compressed_certificate, which we did not offer to read',
      at,
    );
  }
  if (!offered.includes(algorithm)) {
    throw new TlsError(
      'peer.unofferedCompression',
      `the Certificate is compressed with ${name}, which we did not offer`,
      { ...at, field: 'algorithm' },
    );
  }
  if (uncompressedLength > limits.certificateMessageBytes) {
    throw new TlsError(
      'peer.messageTooLarge',
      `the compressed Certificate announces ${uncompressedLength} bytes, the limit is ${limits.certificateMessageBytes}`,
      { ...at, section: 'RFC 8879 §5', field: 'uncompressed_length' },
    );
  }
  const codec = compressionCodec(provider, algorithm, codecs);
  if (codec === undefined) throw new InternalError(`${provider.name} cannot read ${name}, which was offered`);
  const refusal = (cause?: unknown) =>
    new TlsError(
      'peer.badCompressedCertificate',
      `the compressed Certificate is no ${name} stream of the ${uncompressedLength} bytes announced`,
      { ...at, field: 'compressed_certificate_message', cause },
    );
  let body: Uint8Array | undefined;
  try {
    body = codec.decompress(message.compressedCertificateMessage, uncompressedLength);
  } catch (cause) {
    // An application's own codec may say so by an exception, as most libraries do.
    throw refusal(cause);
  }
  if (!(body instanceof Uint8Array) || body.length !== uncompressedLength) throw refusal();
  return decode(certificateCodec, body, 'certificate');
}

/** What a Certificate as it came tells about itself. */
export function compressionFacts(message: Certificate | CompressedCertificate): readonly Effect[] {
  return message.type === 'certificate'
    ? []
    : [{ do: 'fact', facts: { peerCertificateCompression: message.algorithm } }];
}

/** What a Certificate of ours becomes on the wire, and what is known then. */
export interface CertificatePart {
  readonly raw: Uint8Array;
  readonly facts: readonly Effect[];
}

/**
 * Our Certificate as a message: compressed with the first that the peer reads, unless the provider's codec makes it no
 * smaller; an application's own codec is its own business. `offered` is what the peer's ClientHello or CertificateRequest lists.
 */
export function certificatePart(
  message: Certificate,
  signer: Signer | undefined,
  { send: wanted, codecs }: CertificateCompression,
  offered: readonly CertificateCompressionAlgorithm[] | undefined,
  provider: CryptoProvider,
): CertificatePart {
  const algorithm = wanted.find(
    (each) =>
      offered?.includes(each) === true && compressionCodec(provider, each, codecs)?.compress !== undefined,
  );
  if (signer === undefined || algorithm === undefined) return { raw: encodeMessage(message), facts: [] };
  const body = encode(certificateCodec, message);
  const compressed = cached(
    compressionCodec(provider, algorithm, codecs)!,
    signer.delegation ?? signer.credential,
    body,
  );
  if (!codecs.has(algorithm) && compressed.length + compressedHeaderBytes >= body.length)
    return { raw: encodeMessage(message), facts: [] };
  return {
    raw: encodeMessage({
      type: 'compressed_certificate',
      algorithm,
      uncompressedLength: body.length,
      compressedCertificateMessage: compressed,
    }),
    facts: [{ do: 'fact', facts: { ownCertificateCompression: algorithm } }],
  };
}

/**
 * Compressing is for once, not for every handshake: the latest result stays with its credential, or with the delegation
 * that goes out with it. Another staple makes another message, so the whole is compared.
 */
function cached(codec: AlgorithmCodec, holder: Credential | Delegation, body: Uint8Array): Uint8Array {
  let ofCodec = cache.get(codec);
  if (ofCodec === undefined) cache.set(codec, (ofCodec = new WeakMap()));
  const last = ofCodec.get(holder);
  if (last !== undefined && sameBytes(last.body, body)) return last.compressed;
  const compressed = compressedBy(codec, body);
  ofCodec.set(holder, { body, compressed });
  return compressed;
}

/** What an application's own codec makes of it, if it can travel. */
function compressedBy(codec: AlgorithmCodec, body: Uint8Array): Uint8Array {
  let made: Uint8Array;
  try {
    made = codec.compress!(body);
  } catch (cause) {
    throw new TlsError('local.policyFailed', `the codec for certificates threw: ${wordsOf(cause)}`, {
      cause,
    });
  }
  if (made instanceof Uint8Array && made.length > 0 && made.length <= mostCompressedBytes) return made;
  throw new TlsError(
    'local.policyFailed',
    `the codec for certificates must give a Uint8Array of 1 to ${mostCompressedBytes} bytes`,
  );
}

const cache: WeakMap<
  AlgorithmCodec,
  WeakMap<Credential | Delegation, { readonly body: Uint8Array; readonly compressed: Uint8Array }>
> = /* @__PURE__ */ new WeakMap();

/** algorithm, uncompressed_length, and the length of the vector. */
const compressedHeaderBytes = 2 + 3 + 3;

/** What fits into a handshake message beside that. */
const mostCompressedBytes = 0xff_ffff - compressedHeaderBytes;
