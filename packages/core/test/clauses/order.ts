import { clientStart } from '../../src/hello/client-start.ts';
import { serverStart } from '../../src/hello/server-start.ts';
import type { Machine } from '../../src/machine/step.ts';
import { extension } from '../../src/extensions/definition.ts';
import { postHandshakeAuthExtension } from '../../src/extensions/post-handshake-auth.ts';
import type { CertificateRequest } from '../../src/messages/certificate-request.ts';
import { encodeHandshake } from '../../src/messages/envelope.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import { handshakeTypes, type HandshakeType } from '../../src/registry/handshake-types.ts';
import { clientMachine } from '../../src/tls13/client/machine.ts';
import { serverMachine } from '../../src/tls13/server/machine.ts';
import { askedForSettings } from '../harness/application-settings.ts';
import { nowMs, withExtension, type Peer } from '../harness/peer.ts';
import { retriedClient, scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { clauses, type Victim } from './clause.ts';
import { earlyClient, externalPsk } from './pre-shared-keys.ts';
import { sampleMessages } from './sample-messages.ts';

/**
 * Which message may come in which state is said once, in the rows of the machines. Everything else is tried:
 * each message type that is known and not in the row, and each type that is not known, in each state that reads.
 */
const machines: readonly (readonly [Victim, Machine])[] = [
  ['client', clientStart],
  ['client', clientMachine],
  ['server', serverStart],
  ['server', serverMachine],
];

const asked = { asksClient: true };

/** How a script gets its victim into each state. */
const reach: Readonly<Record<Victim, Readonly<Record<string, () => Peer>>>> = {
  client: {
    awaitServerHello: () => scriptedServer(),
    awaitSecondServerHello: () => scriptedServer().helloRetryRequest(),
    awaitEncryptedExtensions: () => scriptedServer().before('encryptedExtensions'),
    awaitCertificateOrRequest: () => scriptedServer().before('certificate'),
    awaitCertificate: () => scriptedServer({}, asked).before('certificate'),
    awaitCertificateVerify: () => scriptedServer().before('certificateVerify'),
    awaitFinished: () => scriptedServer().before('finished'),
    connected: () => scriptedServer().before('end'),
  },
  server: {
    awaitClientHello: () => scriptedClient(),
    awaitSecondClientHello: () => retriedClient(),
    awaitEncryptedExtensions: () => askedForSettings(17_613),
    awaitCertificate: () => scriptedClient({ clientAuthentication: 'request' }).before('certificate'),
    awaitCertificateVerify: () =>
      scriptedClient({ clientAuthentication: 'request' }).before('certificateVerify'),
    awaitEndOfEarlyData: () => earlyClient().pskHello(externalPsk, { early: true }).staysEarly(),
    awaitFinished: () => scriptedClient({ clientAuthentication: 'request' }).before('finished'),
    connected: () => scriptedClient().before('end'),
    awaitLaterCertificateVerify: () => answering(),
    awaitLaterFinished: () => answering().certificateVerify(),
  },
};

/** In the middle of an answer to a CertificateRequest after the handshake. */
function answering() {
  const client = scriptedClient()
    .clientHello((hello) => withExtension(hello, extension('CH', postHandshakeAuthExtension, true)))
    .finished();
  client.victim.requestClientAuth({}, nowMs);
  const [raw] = client.drain().messagesOf(handshakeTypes.certificate_request);
  const { certificateRequestContext } = decodeHandshake(raw!) as CertificateRequest;
  client.transcript = client.completeTranscript!.append(raw!);
  return client.certificate((message) => ({ ...message, certificateRequestContext }));
}

clauses('RFC 9846 §4: a message in another order', both(unexpected));
clauses('RFC 9846 §4: a message of an unknown type', both(unknown));

/** Attacks on both sides under one name: each asks for the victim it is made for. */
function both(attacksOn: (victim: Victim, machine: Machine) => Generator<readonly [string, () => Peer]>) {
  const lists = { client: [] as [string, () => Peer][], server: [] as [string, () => Peer][] };
  for (const [victim, machine] of machines) {
    for (const [label, attack] of attacksOn(victim, machine)) lists[victim].push([label, attack]);
  }
  return lists;
}

function* readingStates(victim: Victim, { rows }: Machine) {
  for (const [at, { reads }] of Object.entries(rows)) {
    if (reads.length === 0) continue;
    const go = reach[victim][at];
    if (go === undefined) throw new Error(`no script reaches the state ${at} of a ${victim}`);
    yield { at, reads, go };
  }
}

function* unexpected(victim: Victim, machine: Machine): Generator<readonly [string, () => Peer]> {
  for (const { at, reads, go } of readingStates(victim, machine)) {
    for (const message of Object.values(sampleMessages)) {
      if (!reads.includes(message.type)) yield [`${at}: ${message.type}`, () => go().handshake(message)];
    }
  }
}

function* unknown(victim: Victim, machine: Machine): Generator<readonly [string, () => Peer]> {
  const foreign = Object.entries(handshakeTypes).filter(([, type]) => !machine.messages.has(type));
  for (const { at, go } of readingStates(victim, machine)) {
    for (const [name, type] of [...foreign, ['99', 99 as HandshakeType] as const]) {
      yield [`${at}: ${name}`, () => go().handshake(encodeHandshake(type, new Uint8Array(4)))];
    }
  }
}
