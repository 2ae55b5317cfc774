import type { Facts } from '@sealwire/core';
import { codedError } from '../errors/node-codes.ts';
import type { TLSSocketFields } from '../socket/fields.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';
import type { CertificateRequest } from './asks.ts';
import type { ClientCertificateOptions, SealwireSocket } from './sealwire-socket.ts';
import { shownRequest } from './select-certificate.ts';

export class BeyondSocket implements SealwireSocket {
  readonly #socket: TLSSocketFields;
  readonly #handle: TlsHandle;

  constructor(socket: TLSSocketFields, handle: TlsHandle) {
    this.#socket = socket;
    this.#handle = handle;
  }

  get facts(): Partial<Facts> {
    return this.#handle.facts;
  }

  get certificateRequest(): CertificateRequest | undefined {
    const ask = this.#handle.certificateRequest;
    return ask && shownRequest(this.#handle, ask);
  }

  get earlyDataTaken(): number {
    return this.#handle.earlyDataTaken;
  }

  get earlyDataReceived(): number {
    return this.#handle.pump.earlyDataReceived;
  }

  updateKeys({ requestPeer = false }: { readonly requestPeer?: boolean } = {}): boolean {
    const { connection, pump } = this.#handle;
    const isDone = connection?.updateKeys({ requestPeer }) ?? false;
    pump.turn();
    return isDone;
  }

  requestCertificate(options: ClientCertificateOptions = {}): Promise<boolean> {
    return requestCertificate(this.#socket, options);
  }
}

async function requestCertificate(
  socket: TLSSocketFields,
  { rejectUnauthorized = socket._rejectUnauthorized, certificateAuthorities }: ClientCertificateOptions,
): Promise<boolean> {
  const handle = socket._handle;
  if (
    !socket._tlsOptions.isServer ||
    handle === null ||
    handle.connection === undefined ||
    !socket._secureEstablished
  )
    throw codedError('ERR_TLS_INVALID_STATE');
  const id = handle.connection.requestClientAuth(
    { require: rejectUnauthorized, ...(certificateAuthorities && { certificateAuthorities }) },
    Date.now(),
  );
  if (id === undefined) throw codedError('ERR_TLS_INVALID_STATE');
  const answer = handle.clientAnswers.to(id);
  handle.pump.turn();
  const isAuthenticated = await answer;
  const problem = isAuthenticated ? handle.verifyError() : undefined;
  socket.authorized = isAuthenticated && !problem;
  if (problem) {
    const { code, message } = problem as Error & { code?: string };
    socket.authorizationError = code ?? message;
    if (rejectUnauthorized) {
      socket.destroy();
      throw problem;
    }
  } else if (isAuthenticated) socket.authorizationError = null;
  return socket.authorized;
}
