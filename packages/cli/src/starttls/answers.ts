import { Problem } from '../problem.ts';

export interface StartOptions {
  /** What we call ourselves (SMTP), or the domain that we want to talk to (XMPP). */
  readonly name: string | undefined;
  /** The host of --connect. */
  readonly host: string;
}

export function notOffered(what: string): Problem {
  return new Problem('starttls', 'starttls.notOffered', `the server does not offer ${what}`, {
    advice: 'is TLS switched on there? Or has somebody between taken the offer out?',
  });
}

export function refused(expected: string, got: string): Problem {
  const shown = got.length > 200 ? `${got.slice(0, 200)}…` : got;
  return new Problem('starttls', 'starttls.refused', `expected ${expected}, got ${JSON.stringify(shown)}`, {
    advice: 'is it the protocol that the port speaks? If it speaks TLS from the start, leave out -starttls',
  });
}
