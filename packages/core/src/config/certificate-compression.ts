import { compressionCodec, type OwnCodecs } from '../crypto/compression.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type { CertificateCompressionAlgorithm } from '../registry/compression-algorithms.ts';
import { arrayOr, registered, spelt } from './checks.ts';
import { defaultCompressionToSend } from './defaults.ts';

/** Certificate compression (RFC 8879), by numbers of its registry, most wanted first. */
export interface CertificateCompressionOptions {
  /**
   * Algorithms in which we offer to read the peer's Certificate. Default: none, so that nothing of a stranger is
   * expanded before it has proved who it is.
   */
  readonly accept?: readonly CertificateCompressionAlgorithm[];
  /** Algorithms in which our own Certificate goes to a peer that offers to read it. Default: all that the provider writes. */
  readonly send?: readonly CertificateCompressionAlgorithm[];
  /**
   * Algorithms of the application's own, by their numbers (0 to 65,535; from 16,384 on they are for private use), or in place of the
   * provider's. They are used where `accept` and `send` name them. One without `compress` only reads. They may make a
   * message larger. Default none.
   */
  readonly codecs?: OwnCodecs;
}

export type CertificateCompression = Required<CertificateCompressionOptions>;

/** Refuses, by `ApiMisuseError`, what the provider cannot do. */
export function checkedCompression(
  given: CertificateCompressionOptions | undefined,
  provider: CryptoProvider,
): CertificateCompression {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    throw new ApiMisuseError(`certificateCompression must be { accept?, send? }, got ${spelt(given)}`);
  }
  const codecs = checkedCodecs(given?.codecs);
  const writes = (algorithm: number) => compressionCodec(provider, algorithm, codecs)?.compress !== undefined;
  const { accept: wanted, send: toSend } = given ?? {};
  const accept = arrayOr('certificateCompression.accept', wanted, []);
  const send = arrayOr('certificateCompression.send', toSend, defaultCompressionToSend.filter(writes));
  const unreadable = accept.find((algorithm) => compressionCodec(provider, algorithm, codecs) === undefined);
  const unwritable = send.find((algorithm) => !writes(algorithm));
  const unknown = unreadable ?? unwritable;
  if (unknown !== undefined) {
    throw new ApiMisuseError(
      `certificate compression ${registered(unknown)} cannot be ${unreadable === undefined ? 'written' : 'read'} by the provider ${provider.name}`,
    );
  }
  return { accept, send, codecs };
}

function checkedCodecs(given: OwnCodecs | undefined): OwnCodecs {
  if (given === undefined) return noCodecs;
  if (!(given instanceof Map))
    throw new ApiMisuseError(
      `certificateCompression.codecs must be a Map of numbers to { compress?, decompress }, got ${spelt(given)}`,
    );
  for (const [algorithm, codec] of given) {
    const isNumber = Number.isInteger(algorithm) && algorithm >= 0 && algorithm <= 0xffff;
    if (isNumber && typeof codec?.decompress === 'function') continue;
    throw new ApiMisuseError(
      `certificateCompression.codecs must be a Map of numbers of 16 bits to { compress?, decompress }, got ${spelt(algorithm)}`,
    );
  }
  return new Map(given);
}

const noCodecs: OwnCodecs = /* @__PURE__ */ new Map();
