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
    // Ten records, three under each key; the KeyUpdate itself is one more, which the margin of the limit allows.
    expect(asking.facts.keyUpdatesSent).toBeGreaterThanOrEqual(3);
    expect(answering.facts.keyUpdatesReceived).toBe(asking.facts.keyUpdatesSent);
    expect(answering.facts.keyUpdatesSent).toBe(0);
  });

  it('counts for each side alone', () => {
    const asking = client();
    const answering = server({ limits: { recordsPerKey: 1 } });
    exchange(asking, answering);
    for (let i = 0; i < 5; i++) answering.send(new Uint8Array(1));
    const { a } = exchange(asking, answering);
    expect(ofType(a, 'data')).toHaveLength(5);
    expect(answering.facts.keyUpdatesSent).toBe(4);
    expect(asking.facts.keyUpdatesSent).toBe(0);
    expect(drain(asking)).toEqual([]);
  });

  it('is that of the suite when nobody lowers it', () => {
    const [asking, answering] = [client(), server()];
    exchange(asking, answering);
    for (let i = 0; i < 100; i++) asking.send(new Uint8Array(1));
    exchange(asking, answering);
    expect(asking.facts.keyUpdatesSent).toBe(0);
  });
});
