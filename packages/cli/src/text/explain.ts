import { ApiMisuseError, TlsError } from '@sealwire/core';
import { TransportError } from '@sealwire/node-transport';
import { isX509Error } from '@sealwire/x509';
import { Problem } from '../problem.ts';
import { isPathRefusal, refusalProblem } from '../tls/refusal.ts';
import { adviceFor } from './advice.ts';

/** Any error as a problem: what happened, which check found it, and what can be done about it. */
export function explained(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TlsError) return tlsProblem(error);
  if (error instanceof TransportError) return transportProblem(error);
  if (isX509Error(error))
    return new Problem('file', error.code, error.message, { advice: adviceFor(error.code), cause: error });
  if (error instanceof ApiMisuseError) return new Problem('usage', 'usage', error.message, { cause: error });
  if (isSystemError(error)) return systemProblem(error);
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Problem('internal', 'internal', message, {
    advice: 'this is a defect of sealwire: please report it with the command line',
    cause: error,
  });
}

function tlsProblem(error: TlsError): Problem {
  if (isPathRefusal(error.cause)) return refusalProblem(error.cause, []);
  const where = [
    error.handshakeMessage === undefined ? undefined : `in ${error.handshakeMessage}`,
    error.field === undefined ? undefined : `field ${error.field}`,
    error.section,
  ].filter((part) => part !== undefined);
  const advice = adviceFor(error.code) ?? adviceFor(`alert.${error.receivedAlert ?? ''}`);
  const exit = verification.has(error.code) ? 'verification' : 'tls';
  const place = where.length === 0 ? '' : ` (${where.join(', ')})`;
  return new Problem(exit, error.code, `${error.message}${place}`, { advice, cause: error });
}

function transportProblem(error: TransportError): Problem {
  const exit = error.code === 'transport.truncated' ? 'truncated' : 'network';
  const system = causeCode(error);
  return new Problem(exit, error.code, error.message, {
    advice: (system && adviceFor(system)) ?? adviceFor(error.code),
    cause: error,
  });
}

function systemProblem(error: NodeJS.ErrnoException): Problem {
  const isNetwork = error.syscall !== undefined && networkCalls.has(error.syscall);
  const code = error.code ?? 'EUNKNOWN';
  return new Problem(isNetwork ? 'network' : 'file', code, error.message, {
    advice: adviceFor(code),
    cause: error,
  });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

function causeCode({ cause }: Error): string | undefined {
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

const networkCalls: ReadonlySet<string> = new Set([
  'connect',
  'read',
  'write',
  'shutdown',
  'listen',
  'bind',
  'getaddrinfo',
]);

/** What is about the peer's certificate, and not about the protocol. */
const verification: ReadonlySet<string> = new Set([
  'local.certificateRejected',
  'local.verificationUnavailable',
  'local.certificateExpired',
  'local.certificateRevoked',
  'local.certificateUnsupported',
  'local.unknownCa',
  'local.nameMismatch',
  'local.accessDenied',
  'local.badStatusResponse',
]);
