import {
  ApiMisuseError,
  type ClientConfig,
  clientConfig,
  type Connection,
  namedGroups,
  type ServerConfig,
  serverConfig,
} from '@sealwire/core';
import { tls12 } from '@sealwire/core/tls12';
import {
  describeDifference,
  fork,
  type History,
  type ReplayOptions,
  historyFromText,
  historyToText,
  pair,
  recordClient,
  recordServer,
  replay,
  rerun,
  type ScriptStep,
  type Side,
  shrinkHistory,
} from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { sampled } from '../properties/profile.ts';
import {
  answersOf,
  clientOptionsOf,
  type EndOptions,
  nobleProvider,
  nodeProvider,
  plain,
  providerOf,
  type Scenario,
  scenarios,
  serverOptionsOf,
  speakEarly,
} from '../properties/scenarios.ts';

/** Both ends of a scenario, recorded to its end. */
function recorded(scenario: Scenario, options: EndOptions & { readonly isNative?: boolean } = {}) {
  const native = options.isNative === true ? { entropy: undefined } : {};
  const client = recordClient({ ...clientOptionsOf(scenario, options), ...native } as never);
  const server = recordServer({ ...serverOptionsOf(scenario, options), ...native } as never);
  const result = pair(client.connection, server.connection, {
    chunking: 'random',
    seed: scenario.name,
    decisionDelay: options.asksEverything === true ? 2 : 0,
    answers: {
      client: answersOf('client', scenario, options.provider),
      server: answersOf('server', scenario, options.provider),
    },
    onOutput: (side, output) =>
      speakEarly(scenario, (side === 'client' ? client : server).connection, output),
  }).run(scenario.script);
  return { result, client: client.history(), server: server.history() };
}

describe.each(sampled(scenarios, 2))('$name', (scenario) => {
  it('replays to the byte from the text of its history, with either provider', () => {
    const { client, server, result } = recorded(scenario);
    expect(result.client.ending).not.toBe('failed');
    for (const history of [client, server]) {
      const again = historyFromText(historyToText(history));
      expect(again).toEqual(history);
      expectSame(again, providerOf(scenario), functionsOf(scenario));
      expectSame(again, providerOf(scenario, nobleProvider), functionsOf(scenario));
    }
  });

  it('replays when every decision was an output, and entropy the native one', () => {
    const { client, server, result } = recorded(scenario, {
      asksEverything: true,
      isNative: true,
      isTapped: true,
    });
    expect(result.client.ending).not.toBe('failed');
    expect(JSON.stringify(client.steps)).toContain('"answer"');
    expectSame(client, providerOf(scenario), functionsOf(scenario));
    expectSame(server, providerOf(scenario), functionsOf(scenario));
  });
});

describe('replay', () => {
  const { client, server } = recorded(plain);

  it('says where it first differs', () => {
    const step = server.steps.findIndex(({ outputs = [] }) => JSON.stringify(outputs).includes('transmit'));
    const forged = withOutputChanged(server, step);
    const found = replay(forged, { provider: nodeProvider }).difference!;
    expect(found).toMatchObject({ step, what: 'output', call: 'receive' });
    expect(describeDifference(found)).toContain(`step ${step} (receive): output was`);
  });

  it('notices other input', () => {
    const last = server.steps.findLastIndex(
      ({ call, outputs }) => call === 'receive' && outputs !== undefined,
    );
    const [input, now] = server.steps[last]!.args as [{ readonly hex: string }, number];
    const hex = `${input.hex.slice(0, -2)}${input.hex.endsWith('00') ? '01' : '00'}`;
    const forged = withStep(server, last, { args: [{ $: 'bytes', hex }, now] });
    expect(replay(forged, { provider: nodeProvider }).difference).toMatchObject({ step: last });
  });

  it('notices randomness that was not drawn, or drawn otherwise', () => {
    const without = withStep(client, 0, { entropy: client.steps[0]!.entropy!.slice(1) });
    expect(replay(without, { provider: nodeProvider }).difference).toMatchObject({
      step: 0,
      what: 'entropy',
    });
    const more = withStep(client, 0, {
      entropy: [...client.steps[0]!.entropy!, { draw: 'random', bytes: '00' }],
    });
    expect(replay(more, { provider: nodeProvider }).difference).toMatchObject({
      step: 0,
      what: 'entropy',
      actual: undefined,
    });
  });

  it('notices another reply, a reply that was not asked for, and another result', () => {
    const at = client.steps.findIndex(({ replies }) => replies !== undefined);
    expect(
      replay(withStep(client, at, { replies: [] }), { provider: nodeProvider }).difference,
    ).toMatchObject({
      what: 'policy',
    });
    const sent = client.steps.findIndex(({ call }) => call === 'send');
    expect(
      replay(withStep(client, sent, { result: 3 }), { provider: nodeProvider }).difference,
    ).toMatchObject({
      step: sent,
      what: 'result',
      expected: 3,
      actual: 8,
    });
  });

  it('needs no private key, and holds one only when asked to', () => {
    expect(historyToText(server)).not.toContain('pkcs8');
    const kept = recordServer(serverOptionsOf(plain), { privateKeys: 'include' });
    kept.connection.start(0);
    expect(historyToText(kept.history())).toContain('pkcs8');
    expect(kept.history().warning).toContain('SECRETS');
  });

  it('records mistakes of the caller and properties that are set', () => {
    const recording = recordClient(clientOptionsOf(plain));
    const { connection } = recording;
    expect(() => connection.receive(new Uint8Array(1), 0)).toThrow(ApiMisuseError);
    connection.start(5);
    connection.maxSendFragment = 700;
    expect(connection.maxSendFragment).toBe(700);
    expect(() => (connection.maxSendFragment = 1)).toThrow(ApiMisuseError);
    connection.abort('enough');
    while (connection.poll() !== undefined);
    const history = recording.history();
    expect(history.steps.map(({ call }) => call)).toEqual([
      'receive',
      'start',
      'set maxSendFragment',
      'set maxSendFragment',
      'abort',
    ]);
    expectSame(historyFromText(historyToText(history)), nodeProvider);
  });

  it('records the policies of a configuration that is chosen on the way', () => {
    const base = serverOptionsOf(plain);
    const other = serverConfig({
      ...base,
      alpnProtocols: ['h2'],
      answers: { fetchStatus: () => ({ ok: true }) },
    });
    const chosen = recordServer({
      ...base,
      answers: { ...base.answers, chooseConfig: () => ({ ok: true, config: other }) },
    });
    const { client: end } = pair(
      recordClient({ ...clientOptionsOf(plain), alpnProtocols: ['h2'], requestOcsp: true }).connection,
      chosen.connection,
    ).run(plain.script);
    expect(end.facts.alpnProtocol).toBe('h2');
    const history = historyFromText(historyToText(chosen.history()));
    expect(JSON.stringify(history)).toContain('"fetchStatus"');
    expectSame(history, nodeProvider);
  });

  it('records renegotiations with configurations of their own', () => {
    const older = {
      versions: [tls12],
      groups: [namedGroups.x25519, namedGroups.secp256r1],
      acceptRenegotiation: true,
    };
    const client = recordClient({ ...clientOptionsOf(plain), ...older });
    const server = recordServer({ ...serverOptionsOf(plain), ...older });
    const ofClient = clientConfig({ ...clientOptionsOf(plain), ...older, sni: 'b.example' });
    const ofServer = serverConfig({
      ...serverOptionsOf(plain),
      ...older,
      clientAuthentication: 'request',
      answers: { fetchStatus: () => ({ ok: true }) },
    });
    const again = (by: Side, config: ClientConfig | ServerConfig): ScriptStep => ({
      by,
      do: 'call',
      run: (connection, nowMs) => void connection.renegotiate(config, nowMs),
    });
    const script = [again('client', ofClient), again('server', ofServer), ...plain.script];
    const ended = pair(client.connection, server.connection).run(script);
    expect(ended.server.facts).toMatchObject({ handshakes: 3, serverName: 'b.example' });
    expect(ended.client.facts.certificateRequested).toBe(true);
    for (const recording of [client, server]) {
      const history = historyFromText(historyToText(recording.history()));
      expectSame(history, nodeProvider);
      expectSame(history, nobleProvider);
    }
  });

  it('replays a policy that throws', () => {
    const recording = recordClient({
      ...clientOptionsOf(plain),
      answers: {
        verifyPeer() {
          throw new RangeError('no verdict');
        },
      },
    });
    const { client: end } = pair(recording.connection, recordServer(serverOptionsOf(plain)).connection).run();
    expect(end.failure?.error.code).toBe('local.policyFailed');
    expectSame(historyFromText(historyToText(recording.history())), nodeProvider);
  });

  it('refuses what is no history', () => {
    for (const text of ['', 'null', '{}', '{"format":"sealwire history"}']) {
      expect(() => historyFromText(text)).toThrow(ApiMisuseError);
    }
    expect(() => historyFromText(JSON.stringify({ ...client, version: 2 }))).toThrow('version 1');
  });
});

describe('fork', () => {
  const scenario = plain;
  const { client, server, result } = recorded(scenario);

  it('goes on live from any step, with both sides', () => {
    for (let n = 1; n < client.steps.length; n++) {
      const branch = fork(client, n, { provider: nodeProvider, answers: answersOf('client', scenario) });
      const said = branch.outputs.flatMap((each) => (each.type === 'transmit' ? each.pieces : []));
      const sent = Buffer.concat(said);
      expect(Buffer.from(result.client.transmitted).subarray(0, sent.length).equals(sent)).toBe(true);
      branch.connection.abort('another end');
      const last = drained(branch.connection).at(-1);
      expect(last?.type).toMatch(/^(failed|closed|undefined)$/);
      expectSame(historyFromText(historyToText(branch.history())), nodeProvider);
    }
  });

  it('connects anew from the middle of a handshake, with other data', () => {
    const afterStart = fork(client, 1, { provider: nodeProvider, answers: answersOf('client', scenario) });
    const ownServer = recordServer({ ...serverOptionsOf(scenario), entropy: undefined } as never);
    ownServer.connection.start(0);
    drained(ownServer.connection);
    const transmit = (outputs: readonly { readonly type: string }[]) =>
      outputs.flatMap((each) =>
        each.type === 'transmit' ? (each as never as { pieces: Uint8Array[] }).pieces : [],
      );
    let [toServer, toClient] = [transmit(afterStart.outputs), [] as Uint8Array[]];
    for (let i = 0; i < 4; i++) {
      for (const piece of toServer) ownServer.connection.receive(piece, 1);
      toClient = transmit(drained(ownServer.connection));
      for (const piece of toClient) afterStart.connection.receive(piece, 1);
      toServer = transmit(drained(afterStart.connection));
    }
    expect(afterStart.connection.facts.handshakes).toBe(1);
    expect(afterStart.connection.send(new Uint8Array(10))).toBe(10);
    drained(afterStart.connection);
    expectSame(afterStart.history(), nodeProvider);
    expectSame(ownServer.history(), nodeProvider);
  });

  it('signs after the fork only with a key', () => {
    const hello = server.steps.findIndex(({ entropy = [] }) => entropy.some(({ draw }) => draw === 'sign'));
    const received = server.steps.slice(0, hello + 1).filter(({ call }) => call === 'receive');
    const finish = (options: object) => {
      const { connection } = fork(server, hello, { provider: nodeProvider, ...options });
      for (const step of received.slice(-1)) {
        connection.receive(Buffer.from((step.args[0] as { hex: string }).hex, 'hex'), 0);
      }
      return drained(connection).at(-1);
    };
    expect(finish({})).toMatchObject({ type: 'failed', error: { code: 'local.policyFailed' } });
    const { credentials } = serverOptionsOf(scenario);
    expect(finish({ options: { credentials } })?.type).toBe('writable');
  });

  it('refuses a step that is not there, and a history that does not replay', () => {
    expect(() => fork(client, -1, { provider: nodeProvider })).toThrow(ApiMisuseError);
    expect(() => fork(client, client.steps.length + 1, { provider: nodeProvider })).toThrow(ApiMisuseError);
    const wrong = withStep(client, 0, { entropy: [] });
    expect(() => fork(wrong, 1, { provider: nodeProvider })).toThrow('does not replay');
  });
});

describe('shrinking', () => {
  const script: readonly ScriptStep[] = [
    ...plain.script.slice(0, -2),
    { by: 'client', do: 'updateKeys', requestPeer: false },
    { by: 'server', do: 'send', bytes: new Uint8Array(3_000) },
    ...plain.script.slice(-2),
  ];

  it('keeps what makes a history fail, and little else', () => {
    const { client } = recorded({ ...plain, script });
    const fails = (history: History) =>
      rerun(history, { provider: nodeProvider }).outputs.some(({ type }) => type === 'closed');
    const small = shrinkHistory(client, fails);
    expect(fails(small)).toBe(true);
    // start and close: a client that gives up at once says closed, too.
    expect(small.steps.map(({ call }) => call)).toEqual(['start', 'close']);
  });

  it('merges and shortens input', () => {
    const { server } = recorded({ ...plain, script });
    const fails = (history: History) =>
      rerun(history, { provider: nodeProvider }).outputs.some(
        (output) => output.type === 'fact' && output.facts.clientRandom !== undefined,
      );
    const small = shrinkHistory(server, fails);
    expect(small.steps.map(({ call }) => call)).toEqual(['start', 'receive']);
    const hello = (small.steps[1]!.args[0] as { readonly hex: string }).hex;
    expect(hello.length / 2).toBeLessThan(400);
  });

  it('returns a history that does not fail', () => {
    const { client } = recorded(plain);
    expect(shrinkHistory(client, () => false)).toBe(client);
  });
});

/** Options that are functions, which a history leaves out: both sides of a scenario have the same. */
function functionsOf({ client }: Scenario): ReplayOptions['options'] {
  return client?.customExtensions === undefined ? {} : { customExtensions: client.customExtensions };
}

function expectSame(
  history: History,
  provider: typeof nodeProvider,
  options: ReplayOptions['options'] = {},
): void {
  const { difference } = replay(history, { provider, options });
  expect(difference === undefined ? 'the same' : describeDifference(difference)).toBe('the same');
}

function withStep(history: History, index: number, change: object): History {
  return { ...history, steps: history.steps.with(index, { ...history.steps[index]!, ...change }) };
}

/** The last byte of the first transmit of this step is another one. */
function withOutputChanged(history: History, index: number): History {
  const text = JSON.stringify(history.steps[index]!.outputs);
  const changed = text.replace(/("hex":"[0-9a-f]*)([0-9a-f])"/, (_, start: string, last: string) => {
    return `${start}${last === '0' ? '1' : '0'}"`;
  });
  return withStep(history, index, { outputs: JSON.parse(changed) as never });
}

function drained(connection: Connection) {
  const outputs = [];
  for (let output = connection.poll(); output !== undefined; output = connection.poll()) outputs.push(output);
  return outputs;
}
