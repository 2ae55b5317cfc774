export interface PeerName {
  readonly kind: 'DNS' | 'IP' | 'RFC822';
  readonly value: string;
}

export interface Testcase {
  readonly id: string;
  readonly validation_kind: 'SERVER' | 'CLIENT';
  readonly trusted_certs: string[];
  readonly untrusted_intermediates: string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly key_usage?: string[];
  readonly extended_key_usage?: string[];
  readonly expected_peer_name: PeerName | null;
  readonly expected_peer_names: PeerName[];
  readonly max_chain_depth: number | null;
  /** PEM. */
  readonly crls?: string[];
}

export interface Verdict {
  readonly result: 'SUCCESS' | 'FAILURE' | 'SKIPPED';
  readonly code?: string;
  readonly detail?: string;
}

export function verify(testcase: Testcase): Promise<Verdict>;
export function verifyLikeNode(testcase: Testcase): Promise<Verdict>;
