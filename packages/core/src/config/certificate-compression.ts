import { compressionCodec } from '../crypto/compression.ts';
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
  const writes = (algorithm: number) => compressionCodec(provider, algorithm)?.compress !== undefined;
  const { accept: wanted, send: toSend } = given ?? {};
  const accept = arrayOr('certificateCompression.accept', wanted, []);
  const send = arrayOr('certificateCompression.send', toSend, defaultCompressionToSend.filter(writes));
  const unreadable = accept.find((algorithm) => compressionCodec(provider, algorithm) === undefined);
  const unwritable = send.find((algorithm) => !writes(algorithm));
  const unknown = unreadable ?? unwritable;
  if (unknown !== undefined) {
    throw new ApiMisuseError(
      `certificate compression ${registered(unknown)} cannot be ${unreadable === undefined ? 'written' : 'read'} by the provider ${provider.name}`,
    );
  }
  return { accept, send };
}
