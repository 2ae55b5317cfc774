import { nodeProvider as provider } from '@sealwire/crypto-node';
import type { EndOptions } from '@sealwire/testkit';
import type { Decide } from '@sealwire/transport';
import { createVerifier } from '@sealwire/x509';
import { otherRoots, roots, rsaIdentity, serverIdentity } from './identities.ts';

/** A client as the contract wants it: whom it trusts, how long it waits, and what of TLS is special about it. */
export function clientOptions(options: EndOptions) {
  const { trust = 'server', tls } = options;
  const common = { serverName: 'localhost', ...limits(options), ...tls };
  if (trust === 'unsaid') return common;
  if (typeof trust === 'string') return { ...common, roots: trust === 'server' ? roots : otherRoots };
  const verify = createVerifier({ provider, roots });
  const no = { ok: false, reason: 'accessDenied', message: 'not today' } as const;
  const verifyPeer: Decide['verifyPeer'] = async (ask, { signal: withdrawn }) =>
    (await trust(withdrawn)) ? verify(ask) : no;
  return { ...common, decide: { ...tls?.decide, verifyPeer } };
}

export function serverOptions(options: EndOptions) {
  return {
    ...(options.certificate === 'rsa' ? rsaIdentity() : serverIdentity),
    ...limits(options),
    ...options.tls,
  };
}

function limits({ clock, handshakeTimeoutMs, idleTimeoutMs, signal }: EndOptions) {
  return {
    ...(clock === undefined ? {} : { clock }),
    ...(handshakeTimeoutMs === undefined ? {} : { handshakeTimeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(signal === undefined ? {} : { signal }),
  };
}
