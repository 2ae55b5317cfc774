/** Object identifiers of certificate extensions and key purposes (RFC 5280 §4.2). */
export const extensionIds = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  freshestCrl: '2.5.29.46',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  /** Of CRLs and their entries (RFC 5280 §5.2, §5.3). */
  crlNumber: '2.5.29.20',
  crlReason: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  /** RFC 7633. */
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  /** Of OCSP (RFC 6960 §4.4, §4.2.2.2.1) and of what is stapled to its answers (RFC 6962 §3.3). */
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  ocspPreferredSignatureAlgorithms: '1.3.6.1.5.5.7.48.1.8',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  ocspSignedCertificateTimestamps: '1.3.6.1.4.1.11129.2.4.5',
  /** RFC 9345 §4.2. */
  delegationUsage: '1.3.6.1.4.1.44363.44',
} as const;

/** RFC 5280 §4.2.1.12. */
export const keyPurposeIds = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

/** RFC 5280 §4.2.1.4. */
export const policyQualifierIds = {
  cps: '1.3.6.1.5.5.7.2.1',
  unotice: '1.3.6.1.5.5.7.2.2',
} as const;

/** RFC 5280 §4.2.2.1, RFC 6960 §3.1. */
export const accessMethodIds = {
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
} as const;

export type KeyPurpose = keyof typeof keyPurposeIds;
