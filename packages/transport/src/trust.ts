import {
  type Answers,
  ApiMisuseError,
  type ClientOptions,
  type CryptoProvider,
  ownOnly,
  pinnedPublicKeys,
} from '@sealwire/core';
import { acceptAnyPeer } from '@sealwire/x509';
import type { TlsClientOptions, TransportDefaults, TransportOptions } from './options.ts';
import { verifierFor } from './verifiers.ts';

/** What nothing is said of is verified against the transport's list, wherever certificates may be presented. */
export function withDefaultRoots<C>(
  options: TlsClientOptions<C>,
  defaults: TransportDefaults,
): TlsClientOptions<C> {
  const { roots, rawPublicKeys, verify, decide, peerCertificateTypes } = options;
  const isSaid = [roots, rawPublicKeys, verify, decide?.verifyPeer].some((each) => each !== undefined);
  if (isSaid || defaults.roots === undefined || peerCertificateTypes?.includes('x509') === false)
    return options;
  return ownOnly({ ...options, roots: defaults.roots() });
}

/** Who answers `verifyPeer`. Nothing is ever accepted because an option was left out. */
export function verifyPeerAnswers(
  options: TransportOptions<never>,
  provider: CryptoProvider,
  isNeeded: boolean,
): Answers {
  const { roots, rawPublicKeys, verify, decide } = options;
  const isPinned = roots !== undefined || rawPublicKeys !== undefined;
  const given = [isPinned, verify === false, decide?.verifyPeer !== undefined].filter(Boolean);
  if (given.length > 1) {
    throw new ApiMisuseError(
      'roots or rawPublicKeys, decide.verifyPeer and verify: false exclude each other',
    );
  }
  if (verify !== undefined && verify !== false)
    throw new ApiMisuseError(
      `verify can only be false, and peers are verified without it; got ${String(verify)}`,
    );
  if (given.length === 0 && isNeeded) {
    throw new ApiMisuseError(
      'nothing says which peers to trust: expected roots (certificates as PEM or DER), rawPublicKeys, ' +
        'decide.verifyPeer, or verify: false to accept anyone',
    );
  }
  if (roots !== undefined) {
    const verifyPeer = verifierFor({
      provider,
      roots,
      ...(rawPublicKeys === undefined ? {} : { rawPublicKeys }),
    });
    return { verifyPeer };
  }
  if (rawPublicKeys !== undefined) return { verifyPeer: pinnedPublicKeys(rawPublicKeys) };
  if (verify === false) return { verifyPeer: acceptAnyPeer({ dangerouslySkipAuthentication: true }) };
  return {};
}

/** Which kinds of certificates a peer may present, where the keys that are trusted say it. */
export function peerTypes({
  rawPublicKeys,
  roots,
  peerCertificateTypes,
}: TransportOptions<never> & Pick<ClientOptions, 'peerCertificateTypes'>): Pick<
  ClientOptions,
  'peerCertificateTypes'
> {
  if (rawPublicKeys === undefined || peerCertificateTypes !== undefined) return {};
  return { peerCertificateTypes: roots === undefined ? ['rawPublicKey'] : ['rawPublicKey', 'x509'] };
}
