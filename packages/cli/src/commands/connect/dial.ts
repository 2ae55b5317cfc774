import { once } from 'node:events';
import { connect as connectSocket, type NetConnectOpts, type Socket } from 'node:net';
import { Problem } from '../../problem.ts';
import { adviceFor } from '../../text/advice.ts';

export interface Address {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** A Unix socket, in the place of both. */
  readonly path?: string | undefined;
  readonly family?: 4 | 6 | undefined;
}

export function addressText({ host = '', port, path }: Address): string {
  if (path !== undefined) return path;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A connected socket, or a `Problem` that says why there is none. */
export async function dial(address: Address, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  const { host, port, path, family } = address;
  const where = path === undefined ? { host, port, ...(family === undefined ? {} : { family }) } : { path };
  const socket = connectSocket({ noDelay: true, allowHalfOpen: true, ...where } as NetConnectOpts);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    await once(socket, 'connect', { signal: AbortSignal.any([signal, timeout]) });
    return socket;
  } catch (error) {
    socket.on('error', () => {}).destroy();
    if (signal.aborted) throw error;
    if (timeout.aborted)
      throw notConnected(address, 'ETIMEDOUT', `nobody answered within ${timeoutMs / 1000} s`, error);
    throw notConnected(address, codeOf(error), messageOf(error), error);
  }
}

function notConnected(address: Address, code: string, message: string, cause: unknown): Problem {
  return new Problem('network', code, `could not connect to ${addressText(address)}: ${message}`, {
    advice: adviceFor(code),
    cause,
  });
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'connectFailed';
}

/** A host with several addresses has an error for each. */
function messageOf(error: unknown): string {
  const { errors } = error as { readonly errors?: readonly Error[] };
  return errors === undefined ? (error as Error).message : errors.map(({ message }) => message).join('; ');
}
