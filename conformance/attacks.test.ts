import {
  type Answers,
  ApiMisuseError,
  type Connection,
  type Limits,
  type Output,
  serverConfig,
  suites13,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  client,
  clientCredential,
  drain,
  exchange,
  nowMs,
  ofType,
  server,
  serverCredential,
  verifyPeer,
} from './ends.ts';

describe('a configuration that chooseConfig picks', () => {
  const refuse = { ok: false, reason: 'unknownCa', message: 'not of this tenant' } as const;

  it('verifies clients with its own policy, not with that of the first configuration', () => {
    const tenant = serverConfig({
      ...tenantOptions,
      credentials: [serverCredential],
      answers: { verifyPeer: () => refuse },
    });
    const answering = server({ answers: { verifyPeer, chooseConfig: () => ({ ok: true, config: tenant }) } });
    const { b } = exchange(client({ credentials: [clientCredential] }), answering);
    expect(ofType(b, 'connected')).toHaveLength(0);
    expect(ofType(b, 'failed')[0]).toMatchObject({ alert: 'unknown_ca', sentBy: 'us' });
  });

  it('asks where it has no policy, although the first configuration has one', () => {
    const tenant = serverConfig({ ...tenantOptions, credentials: [serverCredential] });
    const answering = server({ answers: { verifyPeer, chooseConfig: () => ({ ok: true, config: tenant }) } });
    const { b } = exchange(client({ credentials: [clientCredential] }), answering);
    expect(ofType(b, 'decision').map(({ decision }) => decision.kind)).toEqual(['verifyPeer']);
  });

  it('presents its own certificates', () => {
    const tenant = serverConfig({
      ...tenantOptions,
      clientAuthentication: 'none',
      credentials: [serverCredential],
    });
    const answering = server({
      credentials: [],
      answers: { chooseConfig: () => ({ ok: true, config: tenant }) },
    });
    const { a } = exchange(client(), answering);
    expect(ofType(a, 'connected')).toHaveLength(1);
  });
});

describe('data before the client has proved itself', () => {
  it.each(['request', 'require'] as const)(
    'does not leave when client authentication is "%s"',
    (clientAuthentication) => {
      const answering = server({ clientAuthentication });
      answering.receive(bytesOf(drain(client())), nowMs);
      expect(ofType(drain(answering), 'writable')).toEqual([]);
      expect(answering.send(new Uint8Array(5))).toBe(0);
      expect(drain(answering)).toEqual([]);
    },
  );

  it('may leave when nobody asks who the client is', () => {
    const answering = server();
    answering.receive(bytesOf(drain(client())), nowMs);
    expect(ofType(drain(answering), 'writable')).toEqual([{ type: 'writable', as: 'halfRtt' }]);
    expect(answering.send(new Uint8Array(5))).toBe(5);
  });
});

describe('a policy that calls back', () => {
  const calls: readonly (readonly [string, (connection: Connection) => unknown])[] = [
    ['abort', (connection) => connection.abort()],
    ['close', (connection) => connection.close()],
    ['receive', (connection) => connection.receive(new Uint8Array(1), nowMs)],
    ['receiveEnd', (connection) => connection.receiveEnd(nowMs)],
    ['send', (connection) => connection.send(new Uint8Array(1))],
  ];

  // What was to be protected must not leave in the clear because the keys were wiped in the middle of it.
  it.each(calls)('%s: is told so, and the handshake goes on as if it had not', (_name, call) => {
    const thrown: unknown[] = [];
    const asking: Connection = client({
      answers: {
        verifyPeer,
        selectCertificate: () => {
          try {
            call(asking);
          } catch (error) {
            thrown.push(error);
          }
          return { ok: true, credential: clientCredential };
        },
      },
    });
    const { a, b } = exchange(asking, server({ clientAuthentication: 'require' }));
    expect(thrown).toHaveLength(1);
    expect(thrown[0]).toBeInstanceOf(ApiMisuseError);
    expect(ofType(a, 'connected')).toHaveLength(1);
    expect(ofType(b, 'connected')).toHaveLength(1);
  });

  it('ends the connection if it does not catch that; nothing follows the end', () => {
    const asking: Connection = client({
      answers: {
        verifyPeer,
        selectCertificate: () => {
          asking.abort();
          return { ok: true, credential: clientCredential };
        },
      },
    });
    const { a } = exchange(asking, server({ clientAuthentication: 'require' }));
    expect(a.at(-1)).toMatchObject({ type: 'failed', alert: 'internal_error', sentBy: 'us' });
    expect(asking.exportKeyingMaterial.bind(asking, 'x', new Uint8Array(0), 1)).toThrow(ApiMisuseError);
  });
});

describe('the decision of another connection', () => {
  it('is refused, although kind and id are the same', () => {
    const ends = [1, 2].map(() => server({ answers: { verifyPeer, chooseConfig: () => undefined } }));
    const [first, second] = ends.map((end) => {
      end.receive(bytesOf(drain(client())), nowMs);
      return { end, decision: ofType(drain(end), 'decision')[0]!.decision };
    });
    expect(second!.decision.id).toBe(first!.decision.id);
    const reply = { ok: false, reason: 'refused', message: 'for the first alone' } as const;
    expect(() => second!.end.answer(first!.decision, reply as never, nowMs)).toThrow(/another connection/);
    expect(drain(second!.end)).toEqual([]);
    expect(second!.end.answer(second!.decision, { ok: true } as never, nowMs)).toBe(true);
    first!.end.close();
    expect(first!.end.answer(first!.decision, reply as never, nowMs)).toBe(false);
  });
});

describe('outputs', () => {
  it('do not change after they were handed out', () => {
    const [asking, answering] = [client(), server()];
    exchange(asking, answering);
    asking.updateKeys({ requestPeer: false });
    const first = asking.poll() as Extract<Output, { type: 'transmit' }>;
    const pieces = first.pieces.length;
    expect(asking.send(new Uint8Array([1, 2, 3]))).toBe(3);
    expect(first.pieces).toHaveLength(pieces);
    const rest = drain(asking);
    answering.receive(bytesOf([first, ...rest]), nowMs);
    expect(ofType(drain(answering), 'data').map(({ bytes }) => [...bytes])).toEqual([[1, 2, 3]]);
  });

  it('belong to the application: overwriting them does no harm to the handshake', () => {
    const spoiling: Answers = {
      verifyPeer: (ask) => {
        const reply = verifyPeer(ask);
        if (ask.evidence.type === 'x509')
          for (const { certificate } of ask.evidence.chain) certificate.fill(0);
        return reply;
      },
      chooseConfig: ({ hello }) => {
        hello.raw.fill(0);
        return { ok: true };
      },
    };
    const asking = client({
      trace: true,
      credentials: [clientCredential],
      answers: { verifyPeer: spoiling.verifyPeer! },
    });
    const answering = server({ trace: true, clientAuthentication: 'require', answers: spoiling });
    for (let round = 0; round < 4; round++) {
      for (const [from, to] of [
        [asking, answering],
        [answering, asking],
      ] as const) {
        const outputs = drain(from);
        const bytes = bytesOf(outputs);
        for (const { pieces } of ofType(outputs, 'transmit')) for (const piece of pieces) piece.fill(0);
        for (const { event } of ofType(outputs, 'trace')) if (event.what === 'handshake') event.raw.fill(0);
        if (bytes.length > 0) to.receive(bytes, nowMs);
      }
    }
    expect([asking.facts.handshakes, answering.facts.handshakes]).toEqual([1, 1]);
    // Neither the verifier's cache nor its trust anchors are what was overwritten.
    for (const der of (asking.facts.peerVerdict as { chain: Uint8Array[] }).chain) der.fill(0);
    const { a } = exchange(client(), server());
    expect(ofType(a, 'connected')).toHaveLength(1);
  });
});

describe('a provider that breaks down', () => {
  it('ends the connection without an exception, and without an alert that it cannot seal', () => {
    let isBroken = false;
    const name = 'aes-128-gcm';
    const whole = nodeProvider.aeads[name]!;
    const breaking: typeof whole = {
      ...whole,
      key(bytes) {
        const key = whole.key(bytes);
        return {
          seal(nonce, aad, pieces) {
            if (isBroken) throw new Error('the engine is gone');
            return key.seal(nonce, aad, pieces);
          },
          open: (nonce, aad, sealed) => key.open(nonce, aad, sealed),
          wipe: () => key.wipe(),
        };
      },
    };
    const asking = client({
      provider: { ...nodeProvider, aeads: { ...nodeProvider.aeads, [name]: breaking } },
      cipherSuites: [suites13.TLS_AES_128_GCM_SHA256],
    });
    exchange(asking, server());
    isBroken = true;
    expect(asking.send(new Uint8Array(3))).toBe(0);
    const [failed, ...more] = drain(asking);
    expect(more).toEqual([]);
    expect(failed).toMatchObject({ type: 'failed', alert: undefined, sentBy: 'nobody' });
  });
});

describe('sizes that a peer chooses', () => {
  it('a cookie too large for our second ClientHello is its fault, not ours', () => {
    const asking = client();
    const hello = bytesOf(drain(asking));
    const sessionId = hello.subarray(5 + 4 + 2 + 32, 5 + 4 + 2 + 32 + 33);
    const extensions = [
      0,
      43,
      0,
      2,
      3,
      4,
      ...extension(44, [...u16(64_800), ...new Array<number>(64_800).fill(7)]),
    ];
    const retry = [
      3,
      3,
      ...retryRandom,
      ...sessionId,
      0x13,
      0x01,
      0,
      ...u16(extensions.length),
      ...extensions,
    ];
    asking.receive(handshakeRecords(2, retry), nowMs);
    const [failed] = ofType(drain(asking), 'failed');
    expect(failed?.error.code).toBe('peer.messageTooLarge');
    expect(failed).toMatchObject({ alert: 'illegal_parameter', sentBy: 'us' });
  });

  it('key shares by the thousand cost less than looking each up in the list of groups', () => {
    const groups = Array.from({ length: 9_000 }, (_, i) => 0x4000 + i);
    const listed = groups.flatMap(u16);
    const shares = groups.flatMap((group) => [...u16(group), 0, 1, 0]);
    const extensions = [
      ...extension(43, [2, 3, 4]),
      ...extension(10, [...u16(listed.length), ...listed]),
      ...extension(13, [0, 2, 4, 3]),
      ...extension(51, [...u16(shares.length), ...shares]),
    ];
    const body = [3, 3, ...new Array<number>(32).fill(1), 0, 0, 2, 0x13, 1, 1, 0];
    const bytes = handshakeRecords(1, [...body, ...u16(extensions.length), ...extensions]);
    const receiving = leastTime(() => {
      const answering = server({ limits: { helloEntries: 10_000 } });
      answering.receive(bytes, nowMs);
      expect(ofType(drain(answering), 'failed')[0]?.error.code).toBe('incompatible.groups');
    });
    let sum = 0;
    const lookingUp = leastTime(() => {
      for (const group of groups) sum += groups.indexOf(group);
    });
    expect(sum).toBeGreaterThan(0);
    expect(receiving).toBeLessThan(lookingUp);
  });

  it('single bytes that wait for an answer are kept in little more than their own size', () => {
    const answering = server({ answers: { verifyPeer, chooseConfig: () => undefined } });
    const asking = client();
    answering.receive(bytesOf(drain(asking)), nowMs);
    const [question] = ofType(drain(answering), 'decision');
    const records = handshakeRecords(20, new Array<number>(60_000).fill(0));
    const before = process.memoryUsage().heapUsed;
    for (let copies = 0; copies < 15; copies++) {
      for (let i = 0; i < records.length; i++) answering.receive(records.subarray(i, i + 1), nowMs);
    }
    // 900,000 bytes; with an array each they took 190 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
    answering.answer(question!.decision, { ok: true } as never, nowMs);
    const [failed] = ofType(drain(answering), 'failed');
    expect(failed?.error.code).toBe('peer.unprotectedRecord');
  });

  it('what waited in pieces is read as if it had come whole', () => {
    for (const size of [1, 7, 4_095, 4_096, 5_000]) {
      const asking = client({ answers: { verifyPeer: () => undefined } });
      const answering = server();
      answering.receive(bytesOf(drain(asking)), nowMs);
      asking.receive(bytesOf(drain(answering)), nowMs);
      const [question] = ofType(drain(asking), 'decision');
      const sent = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
      expect(answering.send(sent)).toBe(sent.length);
      const bytes = bytesOf(drain(answering));
      for (let at = 0; at < bytes.length; at += size) {
        // Small and large by turns, so that gathered bytes stand between whole chunks.
        asking.receive(bytes.subarray(at, Math.min(at + size, bytes.length)), nowMs);
      }
      const evidence = (question!.decision as { ask: Parameters<typeof verifyPeer>[0] }).ask;
      asking.answer(question!.decision, verifyPeer(evidence) as never, nowMs);
      const data = ofType(drain(asking), 'data').flatMap(({ bytes: got }) => [...got]);
      expect(Uint8Array.from(data)).toEqual(sent);
    }
  });
});

describe('limits', () => {
  it.each([
    { recordsPerKey: 0 },
    { keyUpdates: Number.NaN },
    { heldInputBytes: -1 },
    { emptyRecords: '32' },
    { handshakeMesageBytes: 1 },
  ])('%j are refused: a limit that compares with nothing is none', (limits) => {
    expect(() => client({ limits: limits as unknown as Partial<Limits> })).toThrow(ApiMisuseError);
  });

  it('that are undefined have their default', () => {
    const limits = { keyUpdates: undefined, postHandshakeMessages: 1_000 } as unknown as Partial<Limits>;
    const [asking, answering] = [client(), server({ limits })];
    exchange(asking, answering);
    for (let i = 0; i <= 32; i++) asking.updateKeys({ requestPeer: false });
    const { b } = exchange(asking, answering);
    expect(ofType(b, 'failed')[0]?.error.code).toBe('peer.tooManyKeyUpdates');
  });
});

const tenantOptions = {
  provider: nodeProvider,
  clientAuthentication: 'require',
} as const;

/** Of seven runs, in ms. */
function leastTime(run: () => void): number {
  const times = Array.from({ length: 7 }, () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  });
  return Math.min(...times);
}

function u16(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}

function extension(type: number, data: readonly number[]): number[] {
  return [...u16(type), ...u16(data.length), ...data];
}

/** One handshake message in as many unprotected records as it takes. */
function handshakeRecords(type: number, body: readonly number[]): Uint8Array {
  const message = [type, body.length >> 16, ...u16(body.length & 0xffff), ...body];
  const records: number[] = [];
  for (let at = 0; at < message.length; at += 16_384) {
    const fragment = message.slice(at, at + 16_384);
    records.push(22, 3, 3, ...u16(fragment.length));
    for (const byte of fragment) records.push(byte);
  }
  return Uint8Array.from(records);
}

/** RFC 9846 §4.2.3: the SHA-256 of "HelloRetryRequest". */
const retryRandom = nodeProvider.hashes.sha256!.digest([new TextEncoder().encode('HelloRetryRequest')]);
