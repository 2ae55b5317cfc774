import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ed25519Credential, publicKeyOf } from '../../test/harness/fixtures.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import type { Connection } from '../connection/connection.ts';
import type { Output } from '../connection/outputs.ts';
import type { KeyExchangeGroup } from '../crypto/provider.ts';
import { createClient, createServer, givenEntropy, type Entropy } from '../index.ts';
import { namedGroups } from '../registry/groups.ts';
import { suites12 } from '../registry/suites12.ts';
import type { Answers } from '../config/answers.ts';
import type { Decision } from '../values/decisions.ts';
import type { ExternalPsk } from '../values/external-psk.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../values/peer-evidence.ts';
import { concat } from '../wire/bytes.ts';
import { tls12 } from '../tls12/module.ts';

/** How the bytes come, and when answers do, changes nothing of what is said. */

const nowMs = Date.UTC(2026, 10, 21);
const suites = [
  suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  suites12.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  suites12.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
  suites12.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
] as const;

const psk: ExternalPsk = {
  identity: new Uint8Array([1]),
  key: new Uint8Array(16).fill(2),
  usedIn: 'tls12',
};

/** Bytes that look like nothing, the same for the same seed. */
function stream(seed: number) {
  let state = seed | 1;
  return (length: number) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      return state >>> 24;
    });
}

/** Keys of x25519 are any 32 bytes. */
function scripted(seed: number): Entropy {
  const source = stream(seed);
  const generate = (group: KeyExchangeGroup) => group.restore(source(32))!;
  return {
    ...givenEntropy(source),
    generate,
    respond(group, share) {
      const own = generate(group);
      return { share: own.share, secret: own.finish(share)! };
    },
  };
}

interface Course {
  readonly suite: (typeof suites)[number];
  readonly asksClient: boolean;
  /** Sizes of the pieces in which bytes come, one after the other, again and again; none: as they are sent. */
  readonly sizes: readonly number[];
  /** How many moves each answer takes, again and again; none: answered on the spot. */
  readonly delays: readonly number[];
}

function verdictOf({ evidence }: VerifyPeerAsk): VerifyPeerReply {
  const chain = evidence.type === 'x509' ? evidence.chain : [];
  return { ok: true, publicKey: publicKeyOf(chain[0]!.certificate) };
}

/** The answers that `late` leaves to the application. */
function answer(connection: Connection, decision: Decision): void {
  if (decision.kind === 'verifyPeer') connection.answer(decision, verdictOf(decision.ask), nowMs);
  else if (decision.kind === 'sign') {
    connection.answer(decision, { ok: true, signature: ed25519Sign(decision.ask.input) }, nowMs);
  } else if (decision.kind === 'selectCertificate') {
    connection.answer(decision, { ok: true, credential: ed25519Credential }, nowMs);
  } else if (decision.kind === 'lookupPsk') connection.answer(decision, { ok: true, psks: [psk] }, nowMs);
  else throw new Error(`nobody answers ${decision.kind} here`);
}

const late: Answers = {
  selectCertificate: () => undefined,
  sign: () => undefined,
  lookupPsk: () => undefined,
};

function ed25519Sign(content: Uint8Array): Uint8Array {
  if (ed25519Credential.key === 'external') throw new Error('the key of the fixture is gone');
  return ed25519Credential.key.sign({ type: 'ed25519' }, content);
}

/** One end, with what it has said and what it still has to hear. */
class End {
  readonly outputs: Output[] = [];
  inbox: Uint8Array = new Uint8Array(0);
  #open: { readonly decision: Decision; left: number } | undefined;
  readonly connection: Connection;
  readonly #size: () => number;
  readonly #delay: () => number;

  constructor(connection: Connection, { sizes, delays }: Course) {
    this.connection = connection;
    this.#size = around(sizes, Number.POSITIVE_INFINITY);
    this.#delay = around(delays, 0);
    connection.start(nowMs);
  }

  get sent(): Uint8Array {
    return concat(this.outputs.flatMap((each) => (each.type === 'transmit' ? each.pieces : [])));
  }

  get data(): Uint8Array {
    return concat(this.outputs.flatMap((each) => (each.type === 'data' ? [each.bytes] : [])));
  }

  /** Hears one piece, answers what is due, says what there is to say; false when nothing was left to do. */
  move(other: End): boolean {
    const before = this.outputs.length;
    const piece = this.inbox.subarray(0, this.#size());
    this.inbox = this.inbox.subarray(piece.length);
    if (piece.length > 0) this.connection.receive(Uint8Array.from(piece), nowMs);
    const open = this.#open;
    if (open !== undefined && open.left-- <= 0) {
      this.#open = undefined;
      answer(this.connection, open.decision);
    }
    for (let output = this.connection.poll(); output !== undefined; output = this.connection.poll()) {
      this.outputs.push(output);
      if (output.type === 'transmit') other.inbox = concat([other.inbox, ...output.pieces]);
      if (output.type === 'decision') this.#open = { decision: output.decision, left: this.#delay() };
    }
    return piece.length > 0 || open !== undefined || this.outputs.length > before;
  }
}

function around(list: readonly number[], otherwise: number): () => number {
  let at = 0;
  return () => list[at++ % list.length] ?? otherwise;
}

/** Its length and hash: what differs in thousands of bytes nobody wants to read. */
function brief(bytes: Uint8Array): string {
  const hash = olderProvider.hashes.sha256!.digest([bytes]);
  return `${bytes.length} bytes, ${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function play(course: Course) {
  const answers: Answers = course.delays.length > 0 ? late : { verifyPeer: verdictOf };
  const options = {
    provider: olderProvider,
    versions: [tls12],
    groups: [namedGroups.x25519],
    cipherSuites: [course.suite],
    credentials: [ed25519Credential],
    externalPsks: [psk],
    answers,
  };
  const client = new End(createClient({ ...options, entropy: scripted(1) }), course);
  const server = new End(
    createServer({
      ...options,
      entropy: scripted(2),
      // Nobody who has a key is asked for a certificate.
      clientAuthentication: course.asksClient ? 'request' : 'none',
    }),
    course,
  );
  const run = () => {
    for (let moves = true; moves; ) moves = [client.move(server), server.move(client)].includes(true);
  };
  run();
  client.connection.send(stream(3)(17_000));
  server.connection.send(stream(4)(300));
  run();
  client.connection.close();
  run();
  return {
    sent: [brief(client.sent), brief(server.sent)],
    heard: [brief(client.data), brief(server.data)],
    facts: [client.connection.facts, server.connection.facts],
    failures: [...client.outputs, ...server.outputs].filter(({ type }) => type === 'failed'),
  };
}

const courses = fc.record({
  suite: fc.constantFrom(...suites),
  asksClient: fc.boolean(),
  sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20_000 })), {
    maxLength: 12,
  }),
  delays: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 5 }),
});

describe('a connection of TLS 1.2', () => {
  it('says the same whatever pieces come and whenever answers do', () => {
    fc.assert(
      fc.property(courses, (course) => {
        const plain = play({ ...course, sizes: [], delays: [] });
        expect(plain.failures).toEqual([]);
        expect(plain.heard).toEqual([brief(stream(4)(300)), brief(stream(3)(17_000))]);
        expect(play(course)).toEqual(plain);
      }),
      { numRuns: 25, seed: 5_246 },
    );
  });
});
