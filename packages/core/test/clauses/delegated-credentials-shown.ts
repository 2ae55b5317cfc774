import { expect } from 'vitest';
import { extension } from '../../src/extensions/definition.ts';
import { delegatedCredentialExtension } from '../../src/extensions/delegated-credential.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { signatureSchemes as schemes, type SignatureScheme } from '../../src/registry/signature-schemes.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import type { Delegation, X509Credential } from '../../src/values/credential.ts';
import {
  ed25519Certificate,
  ed25519Credential,
  p256Certificate,
  p256Credential,
} from '../harness/fixtures.ts';
import { nowMs, withExtension } from '../harness/peer.ts';
import { scriptedClient, type ScriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, type Victim } from './clause.ts';

import { delegated, ed25519, otherP256Key, others, p256, raw, type End } from '../harness/delegators.ts';
// ---------------------------------------------------------------------------------- what the victim sends

/** The victim's own certificate and key, with a delegated one. */
function credentialOf(victim: Victim): X509Credential {
  const certified =
    victim === 'client'
      ? { ...others.server, certificate: ed25519Certificate, role: 'client' as const }
      : { ...others.client, certificate: p256Certificate, role: 'server' as const };
  const delegation: Delegation = {
    credential: delegated(certified, otherP256Key, p256),
    key: otherP256Key,
    role: certified.role,
    expiresAtMs: nowMs + 1,
  };
  return { ...(victim === 'client' ? ed25519Credential : p256Credential), delegations: [delegation] };
}

/** The victim is asked for its certificate, by one that says this of delegated credentials. */
function asked(
  victim: Victim,
  data: Uint8Array | undefined,
  {
    credential = credentialOf(victim),
    verifies = [victim === 'client' ? ed25519 : p256],
  }: { credential?: X509Credential; verifies?: readonly SignatureScheme[] } = {},
): End {
  const options = { credentials: [credential] };
  const list = <M extends Parameters<typeof withExtension>[0]>(message: M): M => {
    const other = data === undefined ? message : withExtension(message, raw(data));
    return withExtension(other, extension('CH', signatureAlgorithmsExtension, verifies)) as M;
  };
  if (victim === 'server') return scriptedClient(options).clientHello(list);
  const server = scriptedServer(options, { asksClient: true }).before('certificateRequest');
  server.certificateRequest(list);
  return server.failure === undefined ? server.certificate().certificateVerify().finished() : server;
}

/** What the victim has sent of its own certificate, and of the key that signed for it. */
function shown(victim: Victim, end: End, isDelegated: boolean): End {
  const [message] = end.messagesOf(handshakeTypes.certificate).map((each) => decodeHandshake(each));
  const entries = message?.type === 'certificate' ? message.certificateList : [];
  expect(entries).toHaveLength(1);
  expect(entries[0]!.extensions.has(delegatedCredentialExtension)).toBe(isDelegated);
  if (victim === 'server') (end as ScriptedClient).finished();
  const { facts } = end.victim;
  expect(facts.handshakes).toBe(1);
  expect(facts.ownSignatureScheme).toBe(isDelegated || victim === 'server' ? p256 : ed25519);
  const expected = isDelegated ? credentialOf(victim).delegations![0]!.credential.cred : undefined;
  expect(facts.ownDelegatedCredential?.cred).toEqual(expected);
  return end;
}

const oneScheme = bytes(0, 2, 4, 3);

clause(
  'RFC 9345 §4.1: a list of schemes without entries',
  (victim) => asked(victim, bytes(0, 0)),
  (victim) => asked(victim, bytes(0, 1, 4)),
);
clause('RFC 9345 §4.1: schemes of delegated keys that nobody knows', (victim) =>
  shown(victim, asked(victim, bytes(0, 4, 0x6a, 0x6a, 5, 3)), false),
);
clause('RFC 9345 §4.1: no delegated_credential of the other side', (victim) =>
  shown(victim, asked(victim, undefined), false),
);
clause(
  'RFC 9345 §4.1: a delegated_credential that ours fits',
  (victim) => shown(victim, asked(victim, oneScheme), true),
  (victim) => shown(victim, asked(victim, bytes(0, 4, 0x6a, 0x6a, 4, 3)), true),
);
clause(
  'RFC 9345 §4.1: a peer that cannot verify what ours is signed with',
  (victim) => {
    const credential = credentialOf(victim);
    const [delegation] = credential.delegations!;
    const signed = { ...delegation!.credential, algorithm: schemes.ed448 };
    const other = { ...credential, delegations: [{ ...delegation!, credential: signed }] };
    return shown(victim, asked(victim, oneScheme, { credential: other }), false);
  },
  // Nor is one shown that has expired, or is for the other role.
  ...[{ expiresAtMs: nowMs }, { role: 'other' } as const].map((change) => (victim: Victim) => {
    const credential = credentialOf(victim);
    const [delegation] = credential.delegations!;
    const role = delegation!.role === 'client' ? 'server' : 'client';
    const changed = { ...delegation!, ...('role' in change ? { role } : change) } as Delegation;
    return shown(
      victim,
      asked(victim, oneScheme, { credential: { ...credential, delegations: [changed] } }),
      false,
    );
  }),
);
clause('RFC 9345 §4.1: a peer that takes our delegated key alone, and has not asked for it', (victim) => {
  const credential = { ...credentialOf(victim), signatureSchemes: [], key: 'external' as const };
  expect(shown(victim, asked(victim, oneScheme, { credential }), true).failure).toBeUndefined();
  if (victim === 'server') return asked(victim, undefined, { credential });
  const answers = { selectCertificate: () => ({ ok: true, credential }) as const };
  const server = scriptedServer({ answers }, { asksClient: true }).before('certificateRequest');
  return server.certificateRequest().certificate().certificateVerify().finished();
});
