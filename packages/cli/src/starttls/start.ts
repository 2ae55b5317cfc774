import type { Duplex } from 'node:stream';
import { Problem } from '../problem.ts';
import type { StartOptions } from './answers.ts';
import { ClearText } from './clear-text.ts';
import { startTls, type StartTlsProtocol } from './protocols.ts';

/** Brings a stream to where TLS begins. The stream is destroyed where that fails. */
export async function beginTls(
  stream: Duplex,
  protocol: StartTlsProtocol,
  options: StartOptions & { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const text = new ClearText(stream, AbortSignal.any([options.signal, timeout]));
  try {
    await startTls[protocol](text, options);
    text.finish();
  } catch (error) {
    text.giveUp();
    if (timeout.aborted)
      throw new Problem('starttls', 'starttls.timeout', `the server did not speak ${protocol} in time`, {
        advice: 'is it the protocol that the port speaks?',
      });
    throw error;
  }
}
