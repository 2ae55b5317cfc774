import type { DecisionKind, DecisionMap, Session } from '@sealwire/core';
import { SessionTable, suites12, tls12 } from '@sealwire/core/tls12';
import { virtualClock } from '../virtual-clock.ts';
import { ByteWire, type WireEnd } from './byte-wire.ts';
import { expectThat, handshake, noise, otherEnd, transportCase } from './transport-ends.ts';
import type {
  EndOptions,
  TlsOptionsUnderTest,
  TransportCase,
  TransportUnderTest,
} from './transport-under-test.ts';
import { abortController, type HostAbortSignal, pause, rejection, settled, until } from './waiting.ts';

/**
 * A connection is given up while a question of its handshake is open, for each kind of question: whoever was asked hears
 * that the answer is no longer wanted, and may answer all the same.
 */
export function decisionCases(transport: TransportUnderTest): TransportCase[] {
  return situations.map((situation) => ({
    name: `given up while ${situation.kind} of the ${situation.role} is open`,
    async run() {
      const { lacks = {} } = transport;
      const isTls = situation.kind !== 'verifyPeer';
      const reason =
        (isTls ? lacks.tls : undefined) ??
        (situation.certificate === 'rsa' ? lacks.rsaCertificate : undefined);
      if (reason !== undefined) return { skipped: reason };
      await givesUp(transport, situation);
      return undefined;
    },
  }));
}

/** A decision that the application is slow to answer. */
export function lateDecisionCases(transport: TransportUnderTest): TransportCase[] {
  return [
    transportCase(
      'a decision of a server that is answered late: the handshake waits, then completes',
      async () => {
        if (transport.lacks?.tls !== undefined) return { skipped: transport.lacks.tls };
        const held = heldQuestion();
        const chooseConfig = async (_: unknown, { signal }: { readonly signal: HostAbortSignal }) => {
          await held.ask(signal);
          return { ok: true } as const;
        };
        const opening = handshake(transport, new ByteWire(), {
          server: { tls: { decide: { chooseConfig } } },
        });
        await settled(held.asked, 'the question');
        held.answer();
        const links = await settled(Promise.all([opening.client, opening.server]), 'the handshake');
        expectThat(held.signal?.aborted === false, 'the answer was wanted');
        for (const link of links) link.destroy();
        return undefined;
      },
    ),
  ];
}

/** How a question comes about: what both ends are told, and whether a session is needed. */
interface Situation {
  readonly kind: DecisionKind;
  readonly role: WireEnd;
  /** Asked when the handshake is complete already, on this side. */
  readonly isLater?: boolean;
  readonly resumes?: boolean;
  readonly certificate?: 'rsa';
  readonly client?: TlsOptionsUnderTest;
  readonly server?: TlsOptionsUnderTest;
}

async function givesUp(transport: TransportUnderTest, situation: Situation): Promise<void> {
  const { role } = situation;
  const heard = transport.unhandledRejections?.();
  for (const lateAnswer of ['reply', 'rejection'] as const) {
    const tickets = ticketTable();
    const session = situation.resumes ? await firstSession(transport, situation, tickets) : undefined;
    const held = heldQuestion();
    const options = optionsOf(situation, held, tickets, session);
    const abort = abortController();
    const why = new Error('the case has seen enough');
    const clock = virtualClock(Date.now());
    const limit =
      transport.lacks?.signal === undefined ? { signal: abort.signal } : { handshakeTimeoutMs: 200, clock };
    const own = { ...options[role], ...(situation.isLater ? {} : limit) };
    const opening = handshake(transport, new ByteWire(), { ...options, [role]: own });
    // Should an end fail before it comes to that, this is the error to show.
    const failed = Promise.all([opening.client, opening.server]).then(() => held.asked);
    await settled(Promise.race([held.asked, failed]), 'the question');
    if (situation.isLater) {
      const links = await settled(Promise.all([opening.client, opening.server]), 'the handshake');
      for (const link of links) link.destroy();
    } else {
      expectThat(held.signal?.aborted === false, 'withdrawn before the connection was given up');
      abort.abort(why);
      clock.advance(200);
      const error = await rejection(opening[role], `the ${role}`);
      expectThat(!('signal' in limit) || error === why, `expected the reason of the signal, got ${error}`);
      await rejection(
        opening[otherEnd(role)].then((link) => link.read()),
        `the ${otherEnd(role)}`,
      );
    }
    await until(() => held.signal?.aborted === true, 'the signal of the question is aborted');
    if (lateAnswer === 'reply') held.answer();
    else held.refuse(new Error('nobody listens any more'));
    await pause(1);
  }
  await pause(5);
  expectThat(transport.unhandledRejections?.() === heard, 'a rejection that nobody handled');
}

function optionsOf(
  { kind, role, certificate, ...given }: Situation,
  held: HeldQuestion,
  tickets: TicketTable,
  session: Session | undefined,
): { readonly client: EndOptions; readonly server: EndOptions } {
  const hold = async (_: unknown, { signal }: { readonly signal: HostAbortSignal }) => {
    await held.ask(signal);
    return { ok: false, message: 'too late' } as const;
  };
  const decide = (side: WireEnd): NonNullable<TlsOptionsUnderTest['decide']> => ({
    ...given[side]?.decide,
    ...(side === 'server' && given.resumes ? tickets.decide : {}),
    ...(side === role && kind !== 'verifyPeer' ? { [kind]: hold } : {}),
  });
  const ofClient: EndOptions = {
    tls: {
      ...given.client,
      ...(session === undefined ? {} : { sessions: [session] }),
      decide: decide('client'),
    },
  };
  const ofServer: EndOptions = { tls: { ...given.server, decide: decide('server') } };
  return {
    client: kind === 'verifyPeer' ? { trust: (signal) => held.ask(signal).then(() => true) } : ofClient,
    server:
      kind === 'verifyPeer' ? {} : { ...ofServer, ...(certificate === undefined ? {} : { certificate }) },
  };
}

/** A connection made only for the session that comes of it. */
async function firstSession(
  transport: TransportUnderTest,
  { client, server }: Situation,
  tickets: TicketTable,
): Promise<Session> {
  let session: Session | undefined;
  const { sendEarlyData: _, ...usual } = client ?? {};
  const onSession = (each: Session) => (session = each);
  const opening = handshake(transport, new ByteWire(), {
    client: { tls: { ...usual, onSession } },
    server: { tls: { ...server, decide: tickets.decide } },
  });
  const links = await settled(Promise.all([opening.client, opening.server]), 'the first handshake');
  const reading = links[0].read();
  reading.catch(() => {});
  await until(() => session !== undefined, 'a session comes');
  for (const link of links) link.destroy();
  return session!;
}

interface TicketTable {
  readonly decide: Required<Pick<NonNullable<TlsOptionsUnderTest['decide']>, 'sealTicket' | 'openTicket'>>;
}

/** Tickets of several configurations, as a store that they share would make and open them. */
function ticketTable(): TicketTable {
  const kept: { readonly ticket: Uint8Array; readonly session: Session }[] = [];
  const openTicket = ({
    identities,
  }: DecisionMap['openTicket']['ask']): DecisionMap['openTicket']['reply'] => {
    for (const [index, identity] of identities.entries()) {
      const known = kept.find(({ ticket }) => String(ticket) === String(identity));
      if (known !== undefined) return { ok: true, found: { index, session: known.session } };
    }
    return { ok: true };
  };
  return {
    decide: {
      sealTicket({ session, random }) {
        kept.push({ ticket: random, session });
        return { ok: true, ticket: random };
      },
      openTicket,
    },
  };
}

interface HeldQuestion {
  readonly asked: Promise<void>;
  readonly signal: HostAbortSignal | undefined;
  ask(signal: HostAbortSignal): Promise<void>;
  answer(): void;
  refuse(error: Error): void;
}

/** A question that is answered when the case likes; the first time that it is asked counts. */
function heldQuestion(): HeldQuestion {
  let isAsked!: () => void;
  let answer!: () => void;
  let refuse!: (error: Error) => void;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  const answered = new Promise<void>((resolve, reject) => {
    answer = resolve;
    refuse = reject;
  });
  let signal: HostAbortSignal | undefined;
  return {
    asked,
    get signal() {
      return signal;
    },
    ask(each) {
      signal ??= each;
      isAsked();
      return answered;
    },
    answer,
    refuse,
  };
}

const older = { versions: [tls12], tickets: false } as const;
const plainRsa = { versions: [tls12], cipherSuites: [suites12.TLS_RSA_WITH_AES_128_GCM_SHA256] };

/** Every kind once, where it comes up most easily; the compiler makes sure that none is missing. */
const situationOf: { readonly [K in DecisionKind]: Omit<Situation, 'kind'> } = {
  chooseSession: { role: 'client' },
  lookupPsk: { role: 'client' },
  chooseConfig: { role: 'server' },
  selectCertificate: { role: 'server' },
  fetchStatus: { role: 'server', client: { requestOcsp: true } },
  sign: { role: 'server' },
  verifyPeer: { role: 'client' },
  sealTicket: { role: 'server', isLater: true },
  openTicket: { role: 'server', resumes: true },
  useTicket: { role: 'server', resumes: true },
  acceptEarlyData: {
    role: 'server',
    resumes: true,
    client: { sendEarlyData: noise(10) },
    server: { earlyData: { maxBytes: 100 } },
  },
  // A client that also speaks TLS 1.3 shows an id that it has made up (RFC 9846 §E.4).
  lookupSession: { role: 'server', server: { ...older, sessionIds: { store: new SessionTable() } } },
  storeSession: {
    role: 'server',
    client: { versions: [tls12], requestTickets: false },
    server: { ...older, sessionIds: { store: new SessionTable() } },
  },
  decryptPremaster: { role: 'server', certificate: 'rsa', client: plainRsa, server: plainRsa },
};

const situations: readonly Situation[] = [
  ...Object.entries(situationOf).map(([kind, each]) => ({ ...each, kind: kind as DecisionKind })),
  {
    kind: 'selectCertificate',
    role: 'client',
    server: { clientAuthentication: 'request', verify: false },
  },
];
