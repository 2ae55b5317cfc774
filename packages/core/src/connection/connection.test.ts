import { describe, expect, it } from 'vitest';
import { nowMs } from '../../test/harness/peer.ts';
import { scriptedClient } from '../../test/harness/scripted-client.ts';
import { scriptedServer } from '../../test/harness/scripted-server.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { TlsError } from '../errors/tls-error.ts';
import { createClient, createServer, tls13, type Connection } from '../index.ts';
import type { VersionModule } from '../machine/step.ts';
import { tls12 } from '../tls12/module.ts';
import type { Decision } from '../values/decisions.ts';

const bytes = new Uint8Array(1);
const fresh = () => createClient({ provider: testProvider, serverName: 'sealwire.test' });
const started = () => scriptedServer().victim;
const connected = () => scriptedServer().before('end').victim;

/** What was called wrongly, on what, and the beginning of what is said about it. */
const misuses: readonly (readonly [string, () => Connection, (victim: Connection) => unknown])[] = [
  ['start was called twice', started, (victim) => victim.start(nowMs)],
  [
    'start expects the time in ms since the epoch as its last argument, got NaN',
    fresh,
    (v) => v.start(Number.NaN),
  ],
  [
    'start expects the time in ms since the epoch as its last argument, got undefined',
    fresh,
    (victim) => victim.start(undefined as never),
  ],
  ['receive was called before start', fresh, (victim) => victim.receive(bytes, nowMs)],
  ['receive expects the time in ms', started, (victim) => victim.receive(bytes, Number.POSITIVE_INFINITY)],
  ['receive expects a Uint8Array', started, (victim) => victim.receive([1] as never, nowMs)],
  ['receive expects a Uint8Array', started, (victim) => victim.receive('x' as never, nowMs)],
  ['receiveEnd was called before start', fresh, (victim) => victim.receiveEnd(nowMs)],
  ['receiveEnd expects the time in ms', started, (victim) => victim.receiveEnd('1' as never)],
  [
    'answer expects the time in ms',
    started,
    (victim) => victim.answer({} as Decision, { ok: true }, Number.NaN),
  ],
  [
    'answer expects the decision that poll gave out',
    started,
    (v) => v.answer({} as Decision, { ok: true }, nowMs),
  ],
  ['send expects a Uint8Array or an array of them', connected, (victim) => victim.send('x' as never)],
  [
    'send expects a Uint8Array or an array of them',
    connected,
    (victim) => victim.send([bytes, 'x'] as never),
  ],
  ['abort expects a TlsError or a message', started, (victim) => victim.abort(5 as never)],
  ['abort expects a TlsError or a message', started, (victim) => victim.abort(new Error('x') as never)],
  [
    'updateKeys expects { requestPeer: boolean }',
    connected,
    (victim) => victim.updateKeys(undefined as never),
  ],
  [
    'updateKeys expects { requestPeer: boolean }',
    connected,
    (v) => v.updateKeys({ requestPeer: 1 } as never),
  ],
  ['maxSendFragment expects an integer from 512 to 16384, got 511', fresh, (v) => fragment(v, 511)],
  ['maxSendFragment expects an integer from 512 to 16384, got 16385', fresh, (v) => fragment(v, 16_385)],
  ['maxSendFragment expects an integer from 512 to 16384, got 600.5', fresh, (v) => fragment(v, 600.5)],
  [
    'keying material can be exported only after connected',
    started,
    (v) => v.exportKeyingMaterial('x', bytes, 1),
  ],
  [
    'the exporter label must be up to 243 printable ASCII',
    connected,
    (v) => v.exportKeyingMaterial('ä', bytes, 1),
  ],
  [
    'the exporter label must be up to 243 printable ASCII',
    connected,
    (victim) => victim.exportKeyingMaterial('x'.repeat(244), bytes, 1),
  ],
  [
    'the exporter context must be a Uint8Array',
    connected,
    (v) => v.exportKeyingMaterial('x', '' as never, 1),
  ],
  [
    'the exporter length must be an integer from 1 to 8160',
    connected,
    (v) => v.exportKeyingMaterial('x', bytes, 0),
  ],
  [
    'the exporter length must be an integer from 1 to 8160',
    connected,
    (victim) => victim.exportKeyingMaterial('x', bytes, 8_161),
  ],
];

describe('misuse of a connection', () => {
  it.each(misuses)('%s', (message, make, call) => {
    const victim = make();
    const { facts } = victim;
    expect(() => call(victim)).toThrow(
      expect.objectContaining({ name: 'ApiMisuseError', message: expect.stringContaining(message) }),
    );
    // It is thrown at the caller, and the connection is as it was.
    expect(victim.poll()).toBeUndefined();
    expect(victim.facts).toBe(facts);
  });

  it('does no harm: the handshake goes on afterwards', () => {
    const server = scriptedServer();
    for (const [, make, call] of misuses) if (make === started) expect(() => call(server.victim)).toThrow();
    expect(server.before('end').victim.facts.handshakes).toBe(1);
  });
});

describe('a connection', () => {
  it('takes no data before it is writable, and updates no keys', () => {
    const server = scriptedServer();
    expect(server.victim.send(bytes)).toBe(0);
    expect(server.victim.updateKeys({ requestPeer: true })).toBe(false);
    expect(server.drain().received.map(({ type }) => type)).toEqual([22]);
  });

  it('lets a server send before the client is done, and says so', () => {
    const client = scriptedClient().clientHello();
    expect(client.outputs.filter(({ type }) => type === 'writable')).toEqual([
      { type: 'writable', as: 'halfRtt' },
    ]);
    expect(client.victim.send(new Uint8Array([7, 8]))).toBe(2);
    expect(client.drain().received.at(-1)).toMatchObject({ type: 23, content: new Uint8Array([7, 8]) });
  });

  it('cuts what it sends to maxSendFragment', () => {
    const server = scriptedServer().before('end');
    server.victim.maxSendFragment = 512;
    expect(server.victim.maxSendFragment).toBe(512);
    expect(server.victim.send([new Uint8Array(500), new Uint8Array(600)])).toBe(1_100);
    expect(
      server
        .drain()
        .received.slice(-3)
        .map(({ content }) => content.length),
    ).toEqual([512, 512, 76]);
  });

  it('cancels a handshake on close with user_canceled and close_notify (RFC 9846 §6.1)', () => {
    const server = scriptedServer();
    server.victim.close();
    expect(server.drain().outputs.at(-1)).toEqual({ type: 'closed' });
    expect(server.received.slice(-2).map(({ content }) => [...content])).toEqual([
      [1, 90],
      [1, 0],
    ]);
  });

  it('ends by a user_canceled that is fatal while TLS 1.2 may still be spoken (RFC 5246 §7.2.2), and by no warning', () => {
    const ended = (versions: readonly VersionModule[], level: number) => {
      const client = createClient({ provider: testProvider, serverName: 'sealwire.test', versions });
      client.start(0);
      client.receive(Uint8Array.of(21, 3, 3, 0, 2, level, 90), 0);
      const outputs = [];
      for (let output = client.poll(); output !== undefined; output = client.poll()) outputs.push(output);
      return outputs.flatMap((each) => (each.type === 'failed' ? [[each.error.code, each.sentBy]] : []));
    };
    expect(ended([tls13, tls12], 2)).toEqual([['received.alert', 'peer']]);
    expect(ended([tls13, tls12], 1)).toEqual([]);
    expect(ended([tls13], 2)).toEqual([]);
  });

  it('ends in failed on abort, with the alert of the error', () => {
    const server = scriptedServer().before('end');
    server.victim.abort(new TlsError('local.accessDenied', 'not you'));
    expect(server.drain().failure).toMatchObject({ alert: 'access_denied', sentBy: 'us' });
    expect(server.received.at(-1)!.content).toEqual(new Uint8Array([2, 49]));
    expect(() => server.victim.exportKeyingMaterial('x', bytes, 1)).toThrow('not after a failure');
  });

  it('sends no alert after its close_notify, whatever comes (RFC 9846 §6.1)', () => {
    const server = scriptedServer().before('end');
    server.victim.close();
    server.drain().record(22, new Uint8Array(0));
    expect(server.failure).toMatchObject({
      sentBy: 'nobody',
      alert: undefined,
      error: { code: 'peer.emptyRecord' },
    });
    expect(server.received.at(-1)!.content).toEqual(new Uint8Array([1, 0]));
  });

  it('exports the same bytes on both sides of a context and label, others for others', () => {
    const { victim } = scriptedServer().before('end');
    const once = victim.exportKeyingMaterial('EXPORTER-a', bytes, 40);
    expect(once).toHaveLength(40);
    expect(victim.exportKeyingMaterial('EXPORTER-a', bytes, 40)).toEqual(once);
    expect(victim.exportKeyingMaterial('EXPORTER-b', bytes, 40)).not.toEqual(once);
    // "If no context is provided, the context_value is zero length" (RFC 9846 §7.5).
    const without = victim.exportKeyingMaterial('EXPORTER-a', undefined, 40);
    expect(without).toEqual(victim.exportKeyingMaterial('EXPORTER-a', new Uint8Array(0), 40));
  });

  it.each(['', 'x'.repeat(243)])('exports under a label of any length that there may be: %s', (label) => {
    const { victim } = scriptedServer().before('end');
    const exported = victim.exportKeyingMaterial(label, undefined, 32);
    expect(exported).toHaveLength(32);
    expect(exported).not.toEqual(victim.exportKeyingMaterial('y', undefined, 32));
  });

  it('has facts that nobody can change', () => {
    const { victim } = scriptedServer();
    expect(() => Object.assign(victim.facts, { handshakes: 5 })).toThrow(TypeError);
    expect(createServer({ provider: testProvider }).facts).toMatchObject({ role: 'server', handshakes: 0 });
  });
});

function fragment(victim: Connection, size: number): void {
  victim.maxSendFragment = size;
}
