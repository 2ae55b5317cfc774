import {
  ApiMisuseError,
  type CryptoProvider,
  type DelegatedCredential,
  type PeerEvidence,
  type VerifyPeerAsk,
  type VerifyPeerReply,
  refuseUnknownOptions,
} from '@sealwire/core';
import { requireProvider } from './callers.ts';
import { CertificateCache } from './certificate/cache.ts';
import type { Certificate } from './certificate/certificate.ts';
import { checkDelegation, checkDelegationTime, delegationExpiryMs } from './delegation/check-delegation.ts';
import { ownBytes, sameBytes } from './der/bytes.ts';
import { isX509Error } from './errors.ts';
import { type CertificateInput, trustedCertificates } from './inputs.ts';
import { rulesOf } from './path/openssl-rules.ts';
import { TrustAnchors } from './path/anchors.ts';
import { type PathRefusal, problem, refusal, verifyCodes } from './path/outcome.ts';
import { type PathPolicy, pathPolicy } from './path/policy.ts';
import { checkDistrustAfter, checkTrust } from './path/trust-checks.ts';
import { checkRevocation } from './revocation/check.ts';
import type { RevocationOptions, StapledResponse } from './revocation/options.ts';
import {
  checkStapling,
  copiesOf,
  readOnce,
  stapledIn,
  staplesEndMs,
  storedStaples,
} from './revocation/stapling.ts';
import { checkHostName, verifyChain } from './verify-chain.ts';

export interface VerifierOptions {
  readonly provider: CryptoProvider;
  /** Trust anchors, at least one; a `TrustAnchors` is parsed and indexed once for all verifiers that share it. */
  readonly roots: CertificateInput | TrustAnchors;
  readonly policy?: Partial<PathPolicy>;
  /** DER SubjectPublicKeyInfos that a peer may present instead of certificates (RFC 7250). Default: none. */
  readonly rawPublicKeys?: readonly Uint8Array[];
  /**
   * `required` (default): a server whose expected name is not known is refused. `ignored`: names are not
   * compared at all, which is right only where something else compares them afterwards.
   */
  readonly serverName?: 'required' | 'ignored';
  /** Asks about revocation; absent: it is not looked at, but for what is stapled. */
  readonly revocation?: RevocationOptions;
  /**
   * Stapled OCSP responses. `checked` (default): each must be satisfactory, as RFC 6066 §8 wants it, and a certificate that
   * promises one (RFC 7633) must come with it where the handshake asked. `required`: a server must staple, whatever its
   * certificate promises. `ignored`: neither is looked at.
   */
  readonly stapling?: 'checked' | 'required' | 'ignored';
  /** Certificates kept parsed. Default 256; 0 keeps none. */
  readonly cachedCertificates?: number;
}

/** What a verifier that says yes leaves in the session: plain data. */
export interface PeerVerdict {
  readonly authorized: boolean;
  /** DER of the chain that was built, the peer's own first, the trust anchor last; empty for a raw public key. */
  readonly chain: readonly Uint8Array[];
  /**
   * Until when the delegated credential is valid whose key has signed (RFC 9345), in ms since the epoch. Absent: the
   * certificate's own key has.
   */
  readonly delegatedUntilMs?: number;
  /** The OCSP responses that were stapled to certificates of the chain, and count on resumption as they did. */
  readonly stapled?: readonly StapledResponse[];
}

/** Answers core's `verifyPeer` decision. `nowMs`: the time that certificates are checked at; default `ask.receivedAtMs`. */
export type PeerVerifier = (ask: VerifyPeerAsk, nowMs?: number) => VerifyPeerReply;

/**
 * A verifier for the peers of TLS connections: certificates against `roots`, names against the expected one.
 * One verifier serves any number of connections. In a refusal, `cause` is the `PathRefusal` with its code and
 * the ways that were tried.
 */
export function createVerifier(options: VerifierOptions): PeerVerifier {
  requireKnown(options);
  const anchors = requireAnchors(options);
  const policy = pathPolicy(options.policy);
  const cache = new CertificateCache(options.cachedCertificates);
  const { provider, rawPublicKeys = [], serverName = 'required', stapling = 'checked' } = options;
  const revocation = options.revocation && readOnce(options.revocation);

  return (ask, nowMs = ask.receivedAtMs) => {
    const { evidence, purpose, keyUse, expectedName } = ask;
    if (evidence.type === 'rawPublicKey') return verifyRawPublicKey(evidence.spki, rawPublicKeys);
    if (purpose === 'serverAuth' && expectedName === undefined && serverName === 'required') {
      return reply(
        refusal(problem('HOSTNAME_MISMATCH', 0, 'expected a name to compare the server certificate with')),
      );
    }
    const hostName = purpose === 'serverAuth' && serverName === 'required' ? expectedName : undefined;
    const recalled =
      ask.cause === 'resumption'
        ? recall(ask, hostName, nowMs, { anchors, cache, provider, policy, revocation })
        : undefined;
    if (recalled !== undefined) return recalled;
    const stapled = stapling === 'ignored' ? [] : stapledIn(evidence);
    const chain = [...evidence.chain.map(({ certificate }) => certificate), ...storedChain(ask).slice(1)];
    const outcome = verifyChain({
      provider,
      chain,
      roots: anchors,
      timeMs: nowMs,
      purpose,
      keyUse,
      policy,
      cache,
      stapled,
      ...(revocation === undefined ? {} : { revocation }),
      ...(hostName === undefined ? {} : { hostName }),
    });
    if (!outcome.ok) return reply(outcome);
    const unstapled = checkStapling(outcome.chain[0]!, ask, stapled, stapling);
    if (unstapled !== undefined) return reply(refusal(unstapled));
    const credential = delegatedIn(evidence);
    const verdict = {
      authorized: true,
      chain: outcome.chain.map(({ der }) => der),
      ...(stapled.length === 0 ? {} : { stapled: copiesOf(stapled) }),
    };
    // Where every certificate must be known to be good, a session is of no use when that ends.
    const endMs = revocation?.failure === 'soft' ? undefined : revocation && staplesEndMs(stapled);
    if (credential === undefined) return until(accept(outcome.publicKey, verdict), endMs);
    const certificate = outcome.chain[0]!;
    const role = purpose === 'serverAuth' ? 'server' : 'client';
    const wrong = checkDelegation({ certificate, credential, role, timeMs: nowMs, provider, policy });
    if (wrong !== undefined) return reply(refusal(wrong));
    return until(acceptDelegated(certificate, credential, verdict), endMs);
  };
}

/**
 * Accepts whoever it is. Anyone between the two ends can then read and change everything: for tests, and for
 * programs that identify their peer in another way. The peer's key is still read, so that its signature can be
 * checked; evidence without a readable key is refused.
 */
export function acceptAnyPeer(choice: { readonly dangerouslySkipAuthentication: true }): PeerVerifier {
  if (choice?.dangerouslySkipAuthentication !== true) {
    throw new ApiMisuseError('expected { dangerouslySkipAuthentication: true }');
  }
  const cache = new CertificateCache();
  return ({ evidence }) => {
    const verdict: PeerVerdict = { authorized: false, chain: presentedChain(evidence) };
    if (evidence.type === 'rawPublicKey') return accept(evidence.spki, verdict);
    const [own] = verdict.chain;
    if (own === undefined)
      return reply(refusal(problem('MALFORMED_CERTIFICATE', 0, 'expected at least one certificate')));
    try {
      const credential = delegatedIn(evidence);
      const certificate = cache.parse(own);
      if (credential === undefined) return accept(certificate.spki, verdict);
      return acceptDelegated(certificate, credential, verdict);
    } catch (error) {
      if (!isX509Error(error)) throw error;
      return reply(refusal(problem('MALFORMED_CERTIFICATE', 0, error.message)));
    }
  };
}

/** `serverName` is not a name: anything but the two words would switch the comparison of names off. */
function requireKnown(options: VerifierOptions): void {
  refuseUnknownOptions('createVerifier', options, Object.keys(optionNames));
  const { provider, serverName = 'required', stapling = 'checked' } = options;
  if (!['checked', 'required', 'ignored'].includes(stapling))
    throw new ApiMisuseError(
      `expected stapling 'checked', 'required' or 'ignored', got ${JSON.stringify(stapling)}`,
    );
  requireProvider(provider);
  if (serverName !== 'required' && serverName !== 'ignored') {
    throw new ApiMisuseError(
      `expected serverName 'required' or 'ignored', got ${JSON.stringify(serverName)}; the name itself comes with each question`,
    );
  }
}

function requireAnchors(options: VerifierOptions): TrustAnchors {
  const { roots } = options;
  const size = roots instanceof TrustAnchors ? roots.size : (roots?.length ?? 0);
  if (size === 0) throw new ApiMisuseError('expected roots: at least one trusted certificate as PEM or DER');
  return roots instanceof TrustAnchors ? roots : new TrustAnchors(trustedCertificates(roots));
}

function verifyRawPublicKey(spki: Uint8Array, allowed: readonly Uint8Array[]): VerifyPeerReply {
  if (allowed.some((one) => sameBytes(one, spki))) return accept(spki, { authorized: true, chain: [] });
  return { ok: false, reason: 'unknownCa', message: 'expected one of the configured raw public keys' };
}

/**
 * A resumed session brings its peer's certificate and our verdict back; whoever holds the session's secrets is
 * that peer. What may have changed is looked at again: the time, our roots, the name asked for; signatures are not. `undefined`
 * when the verdict is not one of ours or its root is trusted no more; then everything is verified anew.
 */
function recall(
  ask: VerifyPeerAsk,
  hostName: string | undefined,
  nowMs: number,
  { anchors, cache, provider, policy, revocation }: Settled,
): VerifyPeerReply | undefined {
  const [own] = presentedChain(ask.evidence);
  const stored = storedChain(ask);
  if (stored.length === 0 || own === undefined || !sameBytes(stored[0]!, own)) return undefined;
  try {
    const chain = stored.map((der) => cache.parse(der));
    const anchor = anchors.find(chain[chain.length - 1]!);
    const use = { timeMs: nowMs, purpose: ask.purpose, keyUse: ask.keyUse };
    if (anchor === undefined || chain.some((each, depth) => checkTrust(each, depth, { anchors, use })))
      return undefined;
    if (checkDistrustAfter(chain[0]!, anchor, chain.length - 1, use) !== undefined) return undefined;
    const { checkCertificate } = rulesOf(policy);
    for (const [depth, certificate] of chain.entries()) {
      const wrong = checkCertificate(certificate, depth, use);
      if (wrong !== undefined) return reply(refusal(wrong));
    }
    const wrongName = hostName === undefined ? undefined : checkHostName(chain[0]!, hostName);
    if (wrongName !== undefined) return reply(refusal(wrongName));
    const verdict = { authorized: true, chain: stored, ...storedStaplesOf(ask) };
    if (revocation !== undefined) {
      // What was stapled then counts like any other response now.
      const known = (verdict.stapled ?? []).map(({ ocspResponse }) => ocspResponse);
      const all =
        (revocation.rules ?? 'rfc5280') === 'rfc5280'
          ? { ...revocation, ocspResponses: [...(revocation.ocspResponses ?? []), ...known] }
          : revocation;
      const revoked = checkRevocation(chain, all, { timeMs: nowMs, provider, policy });
      if (revoked !== undefined) return reply(refusal(revoked));
    }
    const credential = delegatedIn(ask.evidence);
    // The chain came with the question, in copies: it needs no others.
    if (credential === undefined) return { ok: true, publicKey: ownBytes(chain[0]!.spki), verdict };
    // RFC 9345 §7.4: else a session would outlive the credential that it began with.
    const wrongTime = checkDelegationTime(chain[0]!, credential, nowMs);
    return wrongTime === undefined
      ? acceptDelegated(chain[0]!, credential, verdict)
      : reply(refusal(wrongTime));
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

/** What a verifier has made of its options. */
interface Settled {
  readonly anchors: TrustAnchors;
  readonly cache: CertificateCache;
  readonly provider: CryptoProvider;
  readonly policy: PathPolicy;
  readonly revocation: RevocationOptions | undefined;
}

/** The chain of a stored verdict, if it has the shape of `PeerVerdict` and said yes. */
function storedChain(ask: VerifyPeerAsk): readonly Uint8Array[] {
  const verdict = ask.stored?.verdict as Partial<PeerVerdict> | null | undefined;
  if (
    typeof verdict !== 'object' ||
    verdict === null ||
    verdict.authorized !== true ||
    !Array.isArray(verdict.chain)
  )
    return [];
  return verdict.chain.every((der) => der instanceof Uint8Array) ? verdict.chain : [];
}

function storedStaplesOf(ask: VerifyPeerAsk): Pick<PeerVerdict, 'stapled'> {
  const stapled = storedStaples((ask.stored?.verdict as Partial<PeerVerdict> | undefined)?.stapled);
  return stapled.length === 0 ? {} : { stapled };
}

/** Of the peer's own certificate; those of others count for nothing. */
function delegatedIn(evidence: PeerEvidence): DelegatedCredential | undefined {
  return evidence.type === 'x509' ? evidence.chain[0]?.delegatedCredential : undefined;
}

function presentedChain(evidence: PeerEvidence): readonly Uint8Array[] {
  return evidence.type === 'x509' ? evidence.chain.map(({ certificate }) => certificate) : [];
}

/** The key that the certificate delegates to signs in its place (RFC 9345 §4.1.3). */
function acceptDelegated(
  certificate: Certificate,
  credential: DelegatedCredential,
  verdict: PeerVerdict,
): Extract<VerifyPeerReply, { ok: true }> {
  const delegatedUntilMs = delegationExpiryMs(certificate, credential);
  const accepted = accept(credential.cred.subjectPublicKeyInfo, { ...verdict, delegatedUntilMs });
  // Days at most, as tickets: without it, sessions would often be offered in vain.
  return verdict.authorized ? { ...accepted, validUntilMs: delegatedUntilMs } : accepted;
}

/** In copies: what the application does with its verdict must reach neither the cache nor the trust anchors. */
function accept(
  publicKey: Uint8Array,
  { chain, ...rest }: PeerVerdict,
): Extract<VerifyPeerReply, { ok: true }> {
  const verdict: PeerVerdict = { chain: chain.map(ownBytes), ...rest };
  return { ok: true, publicKey: ownBytes(publicKey), verdict };
}

/** With an end, if what it rests on has one. */
function until(reply: Extract<VerifyPeerReply, { ok: true }>, endMs: number | undefined): VerifyPeerReply {
  const validUntilMs = Math.min(
    reply.validUntilMs ?? Number.POSITIVE_INFINITY,
    endMs ?? Number.POSITIVE_INFINITY,
  );
  return validUntilMs === Number.POSITIVE_INFINITY ? reply : { ...reply, validUntilMs };
}

function reply(cause: PathRefusal): VerifyPeerReply {
  return { ok: false, reason: verifyCodes[cause.code], message: `${cause.code}: ${cause.message}`, cause };
}

const optionNames: Readonly<Record<keyof VerifierOptions, true>> = {
  provider: true,
  roots: true,
  policy: true,
  rawPublicKeys: true,
  serverName: true,
  revocation: true,
  stapling: true,
  cachedCertificates: true,
};
