import { describe, expect, it } from 'vitest';
import { client, drain, exchange, ofType, server } from './ends.ts';

/** RFC 9846 §5.5: keys are updated before they have protected as many records as they may. */
describe('the limit of a key', () => {
  it('makes the sender update its keys by itself, as often as needed, and loses nothing', () => {
    const asking = client({ limits: { recordsPerKey: 3 } });
    const answering = server();
    exchange(asking, answering);
    const data = Uint8Array.from({ length: 10 * 16_384 }, (_, i) => i % 251);
    expect(asking.send(data)).toBe(data.length);
    const { b } = exchange(asking, answering);
    const received = Buffer.concat(ofType(b, 'data').map(({ bytes }) => bytes));
    expect(received.equals(data)).toBe(true);
    // Ten records of data, two under each key: the KeyUpdate is the third.
    expect(asking.facts.keyUpdatesSent).toBe(4);
    expect(answering.facts.keyUpdatesReceived).toBe(asking.facts.keyUpdatesSent);
    expect(answering.facts.keyUpdatesSent).toBe(0);
  });

  it('counts for each side alone', () => {
    const asking = client();
    const answering = server({ limits: { recordsPerKey: 2 }, tickets: false });
    exchange(asking, answering);
    for (let i = 0; i < 5; i++) answering.send(new Uint8Array(1));
    const { a } = exchange(asking, answering);
    expect(ofType(a, 'data')).toHaveLength(5);
    expect(answering.facts.keyUpdatesSent).toBe(4);
    expect(asking.facts.keyUpdatesSent).toBe(0);
    expect(drain(asking)).toEqual([]);
  });

  it('is never passed, whatever the records hold', () => {
    const asking = client({ limits: { recordsPerKey: 3 }, trace: true });
    const answering = server();
    const { a } = exchange(asking, answering);
    asking.send(new Uint8Array(10 * 16_384));
    a.push(...drain(asking));
    const counts: number[] = [];
    for (const { event } of ofType(a, 'trace')) {
      if (event.what === 'keys' && event.direction === 'write') counts.push(0);
      else if (event.what === 'record' && event.direction === 'sent' && event.isProtected)
        counts[counts.length - 1]!++;
    }
    // Under the handshake's key: Finished. Then data and KeyUpdate under each, and under the last the rest.
    expect(counts).toEqual([1, 3, 3, 3, 3, 2]);
  });

  it('may count bytes', () => {
    const asking = client({ limits: { bytesPerKey: 20_000 } });
    const answering = server();
    exchange(asking, answering);
    asking.send(new Uint8Array(5 * 16_384));
    // In whole records: two pass the limit.
    expect(asking.facts.keyUpdatesSent).toBe(2);
    exchange(asking, answering);
    expect(answering.facts.keyUpdatesReceived).toBe(2);
  });

  it('of the peer may be watched: it is asked once, and answers before its next data', () => {
    const asking = client({ limits: { recordsPerKey: 3 }, requestKeyUpdates: true });
    const answering = server();
    exchange(asking, answering);
    for (let i = 0; i < 7; i++) answering.send(new Uint8Array(1));
    exchange(asking, answering);
    expect(asking.facts).toMatchObject({ keyUpdatesSent: 1, keyUpdatesReceived: 0 });
    for (let i = 0; i < 2; i++) answering.send(new Uint8Array(1));
    exchange(asking, answering);
    expect(asking.facts).toMatchObject({ keyUpdatesSent: 1, keyUpdatesReceived: 1 });
    for (let i = 0; i < 4; i++) answering.send(new Uint8Array(1));
    exchange(asking, answering);
    expect(asking.facts).toMatchObject({ keyUpdatesSent: 2, keyUpdatesReceived: 1 });
  });

  it('of the peer may be watched in bytes, too', () => {
    const asking = client({ limits: { bytesPerKey: 20_000 }, requestKeyUpdates: true });
    const answering = server({ tickets: false });
    exchange(asking, answering);
    answering.send(new Uint8Array(16_384));
    exchange(asking, answering);
    expect(asking.facts.keyUpdatesSent).toBe(0);
    // To the byte.
    answering.send(new Uint8Array(20_000 - 16_384));
    exchange(asking, answering);
    expect(asking.facts.keyUpdatesSent).toBe(1);
  });

  it('is that of the suite when nobody lowers it', () => {
    const [asking, answering] = [client(), server()];
    exchange(asking, answering);
    for (let i = 0; i < 100; i++) asking.send(new Uint8Array(1));
    exchange(asking, answering);
    expect(asking.facts.keyUpdatesSent).toBe(0);
  });
});
