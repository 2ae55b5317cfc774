import type { Duplex } from 'node:stream';
import { Problem } from '../problem.ts';
import type { StartOptions } from './answers.ts';
import { ClearText } from './clear-text.ts';
import { startTls, type StartTlsProtocol } from './protocols.ts';
import { askProxy } from './proxy.ts';

export interface BeforeTls extends StartOptions {
  /** The protocol that lets TLS begin, if not TLS itself. */
  readonly protocol: StartTlsProtocol | undefined;
  /** HOST:PORT to ask the other side for, which is a proxy. */
  readonly beyondProxy: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Brings a stream to where TLS begins. The stream is destroyed where that fails. */
export async function beginTls(stream: Duplex, options: BeforeTls): Promise<void> {
  const { protocol, beyondProxy } = options;
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const text = new ClearText(stream, AbortSignal.any([options.signal, timeout]));
  try {
    if (beyondProxy !== undefined) await askProxy(text, beyondProxy);
    if (protocol !== undefined) await startTls[protocol](text, options);
    text.finish();
  } catch (error) {
    text.giveUp();
    if (timeout.aborted)
      throw new Problem(
        'starttls',
        'starttls.timeout',
        `nobody spoke ${[beyondProxy === undefined ? [] : 'HTTP', protocol ?? []].flat().join(' or ')} in time`,
        { advice: 'is it the protocol that the port speaks?' },
      );
    throw error;
  }
}
