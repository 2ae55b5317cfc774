import { Problem } from '../problem.ts';
import { printable } from '../text/printable.ts';
import type { ClearText } from './clear-text.ts';

/** Asks a proxy of HTTP for a tunnel to HOST:PORT (RFC 9110 §9.3.6). */
export async function askProxy(text: ClearText, target: string): Promise<void> {
  text.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const status = await text.line();
  for (let lines = 0; (await text.line()) !== ''; lines++) {
    if (lines >= mostLines)
      throw new Problem('starttls', 'proxy.tooMuch', `the proxy sent more than ${mostLines} lines of header`);
  }
  if (/^HTTP\/1\.[01] 2\d\d( |$)/.test(status)) return;
  throw new Problem('starttls', 'proxy.refused', `the proxy answered ${printable(status.slice(0, 200))}`, {
    advice: 'may it be used, and for this host and port? Is it a proxy of HTTP?',
  });
}

const mostLines = 100;
