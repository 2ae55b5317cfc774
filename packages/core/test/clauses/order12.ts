import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { sessionTicketExtension } from '../../src/extensions/session-ticket.ts';
import { encodeHandshake } from '../../src/messages/envelope.ts';
import { encodeMessage12 } from '../../src/messages/tls12.ts';
import type { Machine } from '../../src/machine/step.ts';
import { handshakeTypes, type HandshakeType } from '../../src/registry/handshake-types.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { clientMachine } from '../../src/tls12/client/machine.ts';
import { profileOf } from '../../src/tls12/profile.ts';
import { serverMachine } from '../../src/tls12/server/machine.ts';
import type { Peer } from '../harness/peer.ts';
import { helloWith, scriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { askedForProtocol, resumingForProtocol } from '../harness/npn.ts';
import { psk12 } from '../harness/psk12.ts';
import { serverSession12, session12 } from '../harness/session12.ts';
import { bytes, clauses, type Case, type Victim } from './clause.ts';
import { sampleMessages12 } from './sample-messages12.ts';

/**
 * As in TLS 1.3: which message may come in which state is said once, in the rows of the machines. Everything else is
 * tried: skipped, repeated, reordered and foreign messages, and change_cipher_spec, in each state that reads.
 */

const profile = profileOf(protocolVersions.tls12);
const machines = { client: clientMachine(profile), server: serverMachine(profile) } as const;
const asking = { clientAuthentication: 'request' } as const;
/** One without ServerKeyExchange first. */
const cipherSuites = [
  suites12.TLS_RSA_WITH_AES_128_GCM_SHA256,
  suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
] as const;

/** With a certificate and without one. */
const withKeys = [
  suites12.TLS_RSA_PSK_WITH_AES_128_GCM_SHA256,
  suites12.TLS_PSK_WITH_AES_128_GCM_SHA256,
] as const;

/** That a NewSessionTicket will come. */
const announced = extension('SH12', sessionTicketExtension, true);

function resumingServer(extensions: readonly RawExtension[] = []) {
  const script = { resumes: session12.secret, extensions };
  return scriptedServer12({ sessions: [session12] }, script).serverHello();
}

function resumingClient() {
  const found = { index: 0, session: serverSession12 };
  const client = scriptedClient12({ answers: { openTicket: () => ({ ok: true, found }) } });
  client.resumes = session12.secret;
  const ticket = extension('CH', sessionTicketExtension, new Uint8Array(16));
  return client.clientHello((hello) => helloWith(hello, ticket));
}

/** How a script gets its victim into each state. */
const reach: Readonly<Record<Victim, Readonly<Record<string, () => Peer>>>> = {
  client: {
    awaitCertificate: () => scriptedServer12().before('certificate'),
    awaitStatusOrKeyExchange: () =>
      scriptedServer12({ requestOcsp: true }, { staples: true }).before('certificateStatus'),
    awaitKeyExchange: () => scriptedServer12().before('serverKeyExchange'),
    awaitStatusOrDone: () =>
      scriptedServer12({ requestOcsp: true, cipherSuites }, { staples: true, suite: cipherSuites[0] }).before(
        'certificateStatus',
      ),
    awaitStatusOrHint: () =>
      scriptedServer12(
        { requestOcsp: true, cipherSuites: [...cipherSuites, ...withKeys], externalPsks: [psk12] },
        { staples: true, suite: withKeys[0] },
      ).before('certificateStatus'),
    awaitHintOrDone: () =>
      scriptedServer12(
        { cipherSuites: [...cipherSuites, ...withKeys], externalPsks: [psk12] },
        { suite: withKeys[1] },
      ).serverHello(),
    awaitRequestOrDone: () => scriptedServer12().before('serverHelloDone'),
    awaitDone: () => scriptedServer12({}, { asksClient: true }).before('serverHelloDone'),
    awaitChangeCipherSpec: () => scriptedServer12().before('newKeys'),
    awaitFinished: () => scriptedServer12().before('finished'),
    connected: () => scriptedServer12().before('end'),
    awaitServerHello: () =>
      scriptedServer12({ acceptRenegotiation: true }).before('end').again().helloRequest(),
    awaitTicket: () => scriptedServer12({}, { extensions: [announced] }).before('newKeys'),
    awaitResumedTicket: () => resumingServer([announced]),
    awaitResumedChangeCipherSpec: () => resumingServer(),
    awaitResumedFinished: () => resumingServer().newKeys(),
  },
  server: {
    awaitCertificate: () => scriptedClient12(asking).before('certificate'),
    awaitClientKeyExchange: () => scriptedClient12().before('clientKeyExchange'),
    awaitCertificateVerify: () => scriptedClient12(asking).before('certificateVerify'),
    awaitChangeCipherSpec: () => scriptedClient12().before('newKeys'),
    awaitFinished: () => scriptedClient12().before('finished'),
    connected: () => scriptedClient12().before('end'),
    awaitResumedChangeCipherSpec: () => resumingClient(),
    awaitResumedFinished: () => resumingClient().newKeys(),
    awaitNextProtocol: () => askedForProtocol().clientKeyExchange().newKeys(),
    awaitResumedNextProtocol: () => resumingForProtocol().newKeys(),
  },
};

clauses('RFC 5246 §7.3: a message in another order', both(unexpected));
clauses('RFC 5246 §7.3: a message of an unknown type', both(unknown));
clauses('RFC 5246 §7.1: a change_cipher_spec out of its place', both(changeCipherSpec));

function both(casesOf: (victim: Victim, machine: Machine) => Iterable<Case>) {
  return {
    client: [...casesOf('client', machines.client)],
    server: [...casesOf('server', machines.server)],
  };
}

function* readingStates(victim: Victim, { rows }: Machine) {
  for (const [at, { reads }] of Object.entries(rows)) {
    if (reads.length === 0 && at !== 'connected') continue;
    const go = reach[victim][at];
    if (go === undefined) throw new Error(`no script reaches the state ${at} of a ${victim}`);
    yield { at, reads, go };
  }
}

function* unexpected(victim: Victim, machine: Machine): Generator<Case> {
  for (const { at, reads, go } of readingStates(victim, machine)) {
    for (const message of Object.values(sampleMessages12)) {
      // Ignored, wherever it comes (RFC 5246 §7.4.1.1).
      if (victim === 'client' && message.type === 'hello_request') continue;
      if (!reads.includes(message.type))
        yield [`${at}: ${message.type}`, () => go().handshake(encodeMessage12(message))];
    }
  }
}

function* unknown(victim: Victim, machine: Machine): Generator<Case> {
  const foreign = Object.entries(handshakeTypes).filter(([, type]) => !machine.messages.has(type));
  for (const { at, go } of readingStates(victim, machine)) {
    for (const [name, type] of [...foreign, ['99', 99 as HandshakeType] as const]) {
      yield [`${at}: ${name}`, () => go().handshake(encodeHandshake(type, new Uint8Array(4)))];
    }
  }
}

function* changeCipherSpec(victim: Victim, machine: Machine): Generator<Case> {
  for (const { at, reads, go } of readingStates(victim, machine)) {
    if (reads.includes('change_cipher_spec')) continue;
    yield [at, () => go().record(20, bytes(1))];
  }
}
