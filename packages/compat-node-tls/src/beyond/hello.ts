import { type ChooseConfigAsk, ownOnly } from '@sealwire/core';
import { nodeError } from '../errors/node-error.ts';
import type { InnerContext } from '../context/secure-context.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';
import { answered } from './answer.ts';
import type { HelloDecisions } from './options.ts';
import { innerOf } from './select-certificate.ts';

/** What `onClientHello` has decided. */
export interface HelloOrders {
  readonly context?: InnerContext;
  readonly requestCert?: boolean;
  readonly rejectUnauthorized?: boolean;
  readonly alpnProtocols?: readonly string[];
}

/** Asks the application's `onClientHello`; `refuse` ends the connection by an alert. */
export function askOnClientHello(
  handle: TlsHandle,
  { hello, version, renegotiation }: ChooseConfigAsk,
  take: (orders: HelloOrders) => void,
  refuse: (error: Error) => void,
): void {
  const { onClientHello } = handle.beyond;
  if (onClientHello === undefined) {
    take(ownOnly({}));
    return;
  }
  answered<HelloDecisions, HelloOrders | Error>(
    () => onClientHello({ ...hello, version, renegotiation, signal: handle.signal }),
    { of: ordersOf, refusal: (error) => error },
    (orders) => (orders instanceof Error ? refuse(orders) : take(orders)),
  );
}

function ordersOf(decisions: HelloDecisions): HelloOrders {
  if (decisions === undefined || decisions === null) return ownOnly({});
  if (typeof decisions !== 'object') throw wrong('an object or undefined', decisions);
  const { context, requestCert, rejectUnauthorized, ALPNProtocols, ...others } = ownOnly(decisions);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw wrong('no such thing', unknown);
  for (const flag of [requestCert, rejectUnauthorized])
    if (flag !== undefined && typeof flag !== 'boolean')
      throw wrong('booleans as requestCert and rejectUnauthorized', flag);
  if (ALPNProtocols !== undefined && !isNames(ALPNProtocols))
    throw wrong('a list of names of 1 to 255 bytes as ALPNProtocols', ALPNProtocols);
  return ownOnly({
    ...(context !== undefined && { context: innerOf(context, what) }),
    ...(requestCert !== undefined && { requestCert }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    ...(ALPNProtocols !== undefined && { alpnProtocols: ALPNProtocols.map(asBytes) }),
  });
}

function isNames(list: unknown): list is readonly string[] {
  return (
    Array.isArray(list) &&
    list.every((name) => typeof name === 'string' && name.length > 0 && Buffer.byteLength(name) <= 255)
  );
}

/** Names are bytes; one character each, as they are passed inside. */
function asBytes(name: string): string {
  return Buffer.from(name).toString('latin1');
}

function wrong(expected: string, got: unknown): Error {
  const message = `Expected ${expected} to be returned from the "${what}" function, got ${String(got)}`;
  return nodeError('ERR_INVALID_RETURN_VALUE', message, TypeError);
}

const what = 'sealwire.onClientHello';
