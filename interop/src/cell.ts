/**
 * One cell of the matrix: who talks to whom, with what negotiated, doing what. Names of suites and groups are
 * those of IANA; every peer translates them into the words of its own tool.
 */
export interface Cell {
  readonly peer: string;
  /** Our side. */
  readonly role: 'client' | 'server';
  readonly suite: SuiteName;
  readonly group: GroupName;
  /** Kind of key in the server's certificate, and in the client's where one is presented. */
  readonly certificate: CertificateKind;
  readonly feature: Feature;
  /** Our crypto provider. */
  readonly provider: 'node' | 'noble';
}

export const suiteNames = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
] as const;
export type SuiteName = (typeof suiteNames)[number];

export const classicGroups = [
  'x25519',
  'x448',
  'secp256r1',
  'secp384r1',
  'secp521r1',
  'ffdhe2048',
  'ffdhe3072',
  'ffdhe4096',
  'ffdhe6144',
  'ffdhe8192',
] as const;
export const postQuantumGroups = [
  'X25519MLKEM768',
  'SecP256r1MLKEM768',
  'SecP384r1MLKEM1024',
  'MLKEM512',
  'MLKEM768',
  'MLKEM1024',
] as const;
export const groupNames = [...classicGroups, ...postQuantumGroups] as const;
export type GroupName = (typeof groupNames)[number];

export const classicCertificates = [
  'rsa2048',
  'rsa-pss',
  'p256',
  'p384',
  'p521',
  'ed25519',
  'ed448',
] as const;
export const mlDsaCertificates = ['mldsa44', 'mldsa65', 'mldsa87'] as const;
export const certificateKinds = [...classicCertificates, ...mlDsaCertificates] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** What a cell does beyond a handshake, data in both directions and an orderly close; what each proves. */
export const featureNotes = {
  plain: 'handshake, data both ways, orderly close',
  retry: 'HelloRetryRequest because of the group',
  cookie: 'HelloRetryRequest with a cookie of the server',
  clientCertificate: 'the server requires a certificate, the client has one',
  clientWithout: 'the server asks for a certificate, the client has none, both go on',
  lateCertificate: 'the server asks for a certificate after the handshake, the client has one',
  clientRefused: 'the server requires a certificate, the client has none: alert certificate_required',
  alpn: 'a protocol is agreed',
  alpnRefused: 'no protocol in common: alert no_application_protocol',
  keyUpdate: 'our KeyUpdate, which asks for one in return',
  peerKeyUpdate: "the peer's KeyUpdate, which asks for one in return",
  ocsp: 'a stapled OCSP response reaches the client',
  recordSizeLimit: 'record_size_limit of 1,024 bytes or less is obeyed',
  bulk: '20 MB both ways, compared by SHA-256',
  keyUpdateFlood:
    'more KeyUpdates of the peer than our limit, without data: we refuse, and say so by an alert',
  resumption: 'a second connection resumes a session of the first, with a key exchange (psk_dhe_ke)',
  resumptionRetry: 'the same, with a HelloRetryRequest before each',
  earlyData: 'the second connection brings 0-RTT data, which is taken',
  earlyRejected:
    '0-RTT data is refused: the ticket is unknown (our client), or we take none any more (our server)',
  earlyRetry: '0-RTT data is refused by a HelloRetryRequest, and the session resumed all the same',
  resumptionKe: 'a second connection resumes a session without a key exchange (psk_ke)',
  externalPsk: 'an external pre-shared key in place of certificates (psk_dhe_ke)',
  externalPskKe: 'the same without a key exchange (psk_ke)',
  compression: "the server's certificate goes compressed (RFC 8879)",
  rawKeys: 'both sides know each other by raw public keys (RFC 7250)',
  allVersions: 'we offer, or take, TLS 1.0 to 1.3 together, with GREASE; the peer takes TLS 1.3',
  oddHello:
    'many key shares, GREASE, no compatibility mode, shuffled extensions; a server: GREASE in its request',
} as const;
export type Feature = keyof typeof featureNotes;

/** Whether a cell has a second connection, which resumes. */
export function resumes({ feature }: Cell): boolean {
  const isPlain = feature === 'resumption' || feature === 'resumptionRetry' || feature === 'resumptionKe';
  return isPlain || sendsEarlyData({ feature });
}

/** Whether the second connection begins with 0-RTT data. */
export function sendsEarlyData({ feature }: Pick<Cell, 'feature'>): boolean {
  return feature === 'earlyData' || feature === 'earlyRejected' || feature === 'earlyRetry';
}

/** Whether an external key takes the place of certificates. */
export function hasExternalPsk({ feature }: Pick<Cell, 'feature'>): boolean {
  return feature === 'externalPsk' || feature === 'externalPskKe';
}

/** Whether a pre-shared key is used without a key exchange. */
export function avoidsKeyExchange({ feature }: Pick<Cell, 'feature'>): boolean {
  return feature === 'resumptionKe' || feature === 'externalPskKe';
}

/** Whether a share of another group comes first, so that the server asks for the one it wants. */
export function retriesGroup({ feature }: Pick<Cell, 'feature'>): boolean {
  return feature === 'retry' || feature === 'resumptionRetry' || feature === 'earlyRetry';
}

export function cellName(cell: Cell): string {
  const who = cell.role === 'client' ? `us -> ${cell.peer}` : `${cell.peer} -> us`;
  const provider = cell.provider === 'node' ? '' : ` (${cell.provider})`;
  return `${who} ${cell.feature} ${cell.suite.slice(4)} ${cell.group} ${cell.certificate}${provider}`;
}
