import type { CryptoProvider } from '../crypto/provider.ts';
import {
  describeScheme,
  isForClientsAlone,
  isForTls13Alone,
  isInProvider,
} from '../crypto/signature-schemes.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type { VersionModule } from '../machine/step.ts';
import { signatureSchemes, type SignatureScheme } from '../registry/signature-schemes.ts';
import { arrayOr, registered } from './checks.ts';
import { defaultSignatureSchemes } from './defaults.ts';

/** What `signatureSchemes` must be like. */
interface SchemeOptions {
  readonly provider: CryptoProvider;
  readonly signatureSchemes?: readonly SignatureScheme[];
}

/** PKCS #1 and SHA-1 sign handshakes before TLS 1.3 alone (RFC 9846 §4.3.3). */
export function checkedSchemes(
  { provider, signatureSchemes: given }: SchemeOptions,
  versions: readonly VersionModule[],
  side: 'client' | 'server',
): readonly SignatureScheme[] {
  const isLegacy = versions.some((version) => version?.isLegacy);
  const isNewer = versions.some((version) => version?.isLegacy === false);
  const byDefault = (scheme: SignatureScheme) =>
    isInProvider(scheme, provider) && (isNewer || !isForTls13Alone(scheme));
  const list = arrayOr(
    'signatureSchemes',
    inProvider('signatureSchemes', given, provider),
    defaultSignatureSchemes.filter(byDefault),
  );
  const ofClients = list.find(isForClientsAlone);
  if (side === 'client' && ofClients !== undefined) {
    throw new ApiMisuseError(
      `signatureSchemes: ${registered(ofClients)} is for servers to take from clients, and no client offers it`,
    );
  }
  const signs = (scheme: SignatureScheme) =>
    isForTls13Alone(scheme)
      ? isNewer
      : describeScheme(scheme)?.signsHandshake === true || (isLegacy && isOfOlderHandshakes(scheme));
  if (!list.some(signs)) {
    throw new ApiMisuseError('signatureSchemes must name at least one scheme that can sign a handshake');
  }
  return list;
}

/** The list, or what else stands in its place; what is named although the provider does not have it could only fail later. */
export function inProvider<List>(name: string, list: List, provider: CryptoProvider): List {
  const missing = Array.isArray(list)
    ? (list as readonly number[]).find((scheme) => !isInProvider(scheme, provider))
    : undefined;
  if (missing === undefined) return list;
  throw new ApiMisuseError(
    `${name}: ${registered(missing)} is not supported by the provider ${provider.name}`,
  );
}

function isOfOlderHandshakes(scheme: SignatureScheme): boolean {
  const { rsa_pkcs1_sha1, ecdsa_sha1 } = signatureSchemes;
  return describeScheme(scheme) !== undefined || scheme === rsa_pkcs1_sha1 || scheme === ecdsa_sha1;
}
