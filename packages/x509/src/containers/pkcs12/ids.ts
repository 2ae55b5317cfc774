/** Object identifiers of PKCS #12 (RFC 7292 appendix D) and of the containers that it is made of (RFC 5652). */
export const contentIds = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  envelopedData: '1.2.840.113549.1.7.3',
  encryptedData: '1.2.840.113549.1.7.6',
} as const;

export const bagIds = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  crl: '1.2.840.113549.1.12.10.1.4',
  secret: '1.2.840.113549.1.12.10.1.5',
  safeContents: '1.2.840.113549.1.12.10.1.6',
} as const;

/** RFC 2985 §5.5, §6.7. */
export const attributeIds = {
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
} as const;

export const x509CertificateId = '1.2.840.113549.1.9.22.1';
export const x509CrlId = '1.2.840.113549.1.9.23.1';
