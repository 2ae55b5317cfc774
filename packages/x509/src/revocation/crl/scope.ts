import type { Certificate } from '../../certificate/certificate.ts';
import { hex, sameBytes } from '../../der/bytes.ts';
import { type DistributionPoint, allReasons, namesOf } from '../../extensions/distribution-point.ts';
import type { DistinguishedName } from '../../names/distinguished-name.ts';
import type { GeneralName } from '../../names/general-name.ts';
import type { CertificateRevocationList } from './crl.ts';

/** Which CRLs are about which certificates (RFC 5280 §6.3.3 (b)). */

/**
 * The distribution points of a certificate, and at the end one for "any available CRLs not specified in a distribution
 * point but issued by the certificate issuer" (§6.3.3), which has the issuer's name.
 */
export function distributionPointsOf(certificate: Certificate): readonly DistributionPoint[] {
  const names: GeneralName[] = [{ type: 'directory', value: certificate.issuer }];
  const last: DistributionPoint = {
    name: { type: 'fullName', names },
    reasons: allReasons,
    crlIssuer: undefined,
  };
  return [...(certificate.crlDistributionPoints ?? []), last];
}

/** Who issues the CRLs of a point: directory names, for no other form can be the issuer of a CRL. */
export function crlIssuersOf(point: DistributionPoint, certificate: Certificate): DistinguishedName[] {
  if (point.crlIssuer === undefined) return [certificate.issuer];
  return point.crlIssuer.flatMap((name) => (name.type === 'directory' ? [name.value] : []));
}

/** Why the CRL is not about this certificate, at this point; `undefined`: it is. Its issuer must be one of the point's. */
export function scopeFault(
  crl: CertificateRevocationList,
  point: DistributionPoint,
  certificate: Certificate,
): string | undefined {
  const scope = crl.issuingDistributionPoint;
  if (point.crlIssuer !== undefined && scope?.indirectCrl !== true) return 'expected an indirect CRL';
  if (scope === undefined) return undefined;
  if (scope.onlyContainsAttributeCerts) return 'it is about attribute certificates';
  // Version 1 cannot say whether it is a CA's.
  const isCa = certificate.basicConstraints?.ca === true;
  if (scope.onlyContainsUserCerts && (isCa || certificate.version !== 3))
    return 'it is about certificates of end entities';
  if (scope.onlyContainsCaCerts && !isCa) return 'it is about certificates of CAs';
  if (scope.name === undefined) return undefined;
  // "If the distribution point name is present in the IDP […] and […] omitted from the DP, then […] the cRLIssuer field".
  const wanted =
    point.name === undefined ? (point.crlIssuer ?? []) : namesOf(point.name, crlIssuerName(point, crl));
  const own = namesOf(scope.name, crl.issuer);
  if (own.some((name) => wanted.some((other) => isSameName(name, other)))) return undefined;
  return 'it belongs to another distribution point';
}

/** A delta belongs to a base CRL of the same issuer, key and scope (§5.2.4, §6.3.3 (c)). */
export function isDeltaOf(delta: CertificateRevocationList, base: CertificateRevocationList): boolean {
  if (delta.baseCrlNumber === undefined || delta.crlNumber === undefined || base.crlNumber === undefined)
    return false;
  return (
    delta.issuer.equals(base.issuer) &&
    isSame(delta.issuingDistributionPoint?.der, base.issuingDistributionPoint?.der) &&
    isSame(delta.authorityKeyIdentifier?.keyIdentifier, base.authorityKeyIdentifier?.keyIdentifier) &&
    delta.baseCrlNumber <= base.crlNumber &&
    delta.crlNumber > base.crlNumber
  );
}

/** The certificate's issuer signs its CRLs where the point names nobody; of several names (§4.2.1.13) the CRL's is meant. */
function crlIssuerName(point: DistributionPoint, crl: CertificateRevocationList): DistinguishedName {
  const named = point.crlIssuer?.find((name) => name.type === 'directory');
  return named?.type === 'directory' ? named.value : crl.issuer;
}

export function isSameName(a: GeneralName, b: GeneralName): boolean {
  if (a.type === 'directory' || b.type === 'directory')
    return a.type === 'directory' && b.type === 'directory' && a.value.equals(b.value);
  if (a.type === 'other' || b.type === 'other')
    return a.type === 'other' && b.type === 'other' && a.form === b.form && sameBytes(a.value, b.value);
  if (a.type !== b.type) return false;
  const text = (value: string | Uint8Array): string => (typeof value === 'string' ? value : hex(value));
  return a.type === 'dns'
    ? text(a.value).toLowerCase() === text(b.value).toLowerCase()
    : text(a.value) === text(b.value);
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameBytes(a, b);
}
