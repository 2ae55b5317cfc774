import { describe, expect, it } from 'vitest';
import { scriptedClient } from './scripted-client.ts';
import { scriptedServer } from './scripted-server.ts';

/** The scripted ends do everything right unless they are told otherwise: whole handshakes, and data after them. */
describe('scripted server', () => {
  it.each([false, true])('completes a handshake, asking for a certificate: %s', (asksClient) => {
    const server = scriptedServer({}, { asksClient }).before('end');
    expect(server.victim.facts.handshakes).toBe(1);
    server.victim.send(new Uint8Array([1, 2]));
    expect(server.drain().received.at(-1)!.content).toEqual(new Uint8Array([1, 2]));
    server
      .data(new Uint8Array([3]))
      .keyUpdate(true)
      .data(new Uint8Array([4]));
    expect(server.outputs.filter(({ type }) => type === 'data')).toHaveLength(2);
    server.victim.send(new Uint8Array([5]));
    expect(server.drain().received.at(-1)!.content).toEqual(new Uint8Array([5]));
  });

  it('retries', () => {
    const server = scriptedServer().helloRetryRequest().before('end');
    expect(server.victim.facts).toMatchObject({ handshakes: 1, helloRetried: true });
  });
});

describe('scripted client', () => {
  it.each(['none', 'require'] as const)(
    'completes a handshake with a server that asks: %s',
    (clientAuthentication) => {
      const client = scriptedClient({ clientAuthentication }).before('end');
      expect(client.victim.facts.handshakes).toBe(1);
      client
        .data(new Uint8Array([3]))
        .keyUpdate(true)
        .data(new Uint8Array([4]));
      expect(client.outputs.filter(({ type }) => type === 'data')).toHaveLength(2);
      client.victim.send(new Uint8Array([5]));
      expect(client.drain().received.at(-1)!.content).toEqual(new Uint8Array([5]));
    },
  );

  it.each([undefined, new Uint8Array([7])])('retries, with a cookie: %s', (retryCookie) => {
    const client = scriptedClient({ groups: [0x0017 as never], ...(retryCookie && { retryCookie }) });
    client.clientHello().secondHello().finished();
    expect(client.victim.facts).toMatchObject({ handshakes: 1, helloRetried: true });
  });
});
