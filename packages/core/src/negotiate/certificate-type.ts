import { certificateTypes, type CertificateType } from '../registry/certificate-types.ts';
import type { CertificateTypeName } from '../values/credential.ts';

/** For `server_certificate_type` and `client_certificate_type` (RFC 7250 §3). */
export function certificateTypeNumbers(names: readonly CertificateTypeName[]): CertificateType[] {
  return names.map((name) => numbers[name]);
}

/** `undefined` for a type that we do not know. */
export function certificateTypeName(type: number): CertificateTypeName | undefined {
  return (Object.keys(numbers) as CertificateTypeName[]).find((name) => numbers[name] === type);
}

/** Whether the extension has anything to say: without it, it is X.509 (RFC 7250 §4.1). */
export function isOrdinary(names: readonly CertificateTypeName[]): boolean {
  return names.every((name) => name === 'x509');
}

/** Those of `ours` that the other side lists, in our order; no list means X.509. */
export function commonCertificateTypes(
  ours: readonly CertificateTypeName[],
  listed: readonly number[] = [certificateTypes.X509],
): CertificateTypeName[] {
  return ours.filter((name) => listed.includes(numbers[name]));
}

const numbers: Readonly<Record<CertificateTypeName, CertificateType>> = {
  x509: certificateTypes.X509,
  rawPublicKey: certificateTypes.RawPublicKey,
};
