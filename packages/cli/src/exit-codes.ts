/**
 * What the program ends with, and what that means. Stable: scripts switch on these. The manual page and the README have
 * this table.
 */
export const exitCodes = {
  ok: { code: 0, meaning: 'all went well' },
  internal: { code: 1, meaning: 'a defect of the program itself' },
  usage: { code: 2, meaning: 'the command line cannot mean anything: an unknown flag, a value that is none' },
  file: {
    code: 3,
    meaning: 'a file cannot be read or written, or does not hold what it should; a wrong passphrase',
  },
  network: { code: 4, meaning: 'no connection came about, or it broke or fell silent' },
  tls: { code: 5, meaning: 'the TLS handshake or connection failed' },
  verification: { code: 6, meaning: 'the peer, or a certificate, is not to be trusted' },
  truncated: {
    code: 7,
    meaning: 'the connection ended without close_notify: what was received may not be all',
  },
  starttls: {
    code: 8,
    meaning: 'the protocol before TLS went wrong: no STARTTLS there, or bytes that should not be',
  },
  interrupted: { code: 130, meaning: 'somebody pressed Ctrl-C' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type ExitName = keyof typeof exitCodes;
