import type { ClientOptions, Output, RecordPadding } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { client, drain, exchange, ofType, server } from './ends.ts';

/** RFC 9846 §5.4: padding hides lengths, and never makes a record larger than it may be. */
describe('padding of records', () => {
  it('fills data up to a multiple, and nothing else', () => {
    const { handshake, data } = sizes({ toMultipleOf: 1_000 }, [1, 999, 1_000, 1_001]);
    expect(data).toEqual([1_000, 1_000, 1_000, 2_000]);
    expect(handshake).toEqual(sizes('none', []).handshake);
  });

  it('fills handshake messages and alerts as well where that is wanted', () => {
    const { handshake, data, alert } = sizes({ toMultipleOf: 256, handshake: true }, [1]);
    expect(handshake.length).toBeGreaterThan(0);
    expect([...handshake, ...data, alert].filter((size) => size % 256 !== 0 || size === 0)).toEqual([]);
  });

  it('follows a function of the content', () => {
    const { data } = sizes({ bytesFor: (contentBytes) => contentBytes * 3 }, [5, 7]);
    expect(data).toEqual([20, 28]);
  });

  it('ends where the record does', () => {
    const generous = { bytesFor: () => 100_000 };
    expect(sizes(generous, [1, 16_384]).data).toEqual([16_384, 16_384]);
    expect(sizes({ toMultipleOf: 3_000 }, [16_000]).data).toEqual([16_384]);
    expect(sizes(generous, [1], {}, 2_000).data).toEqual([1_999]);
    expect(sizes({ toMultipleOf: 1_024 }, [2_500], {}, 2_000).data).toEqual([1_999, 1_024]);
    expect(sizes(generous, [1], { maxFragmentLength: 512 }).data).toEqual([512]);
  });

  it('keeps within maxSendFragment', () => {
    const [sender, receiver] = [client({ recordPadding: { toMultipleOf: 4_096 }, trace: true }), server()];
    exchange(sender, receiver);
    sender.maxSendFragment = 1_000;
    sender.send(new Uint8Array(1_500));
    expect(recordSizes(drain(sender), 23)).toEqual([1_000, 1_000]);
  });

  it('that cannot be computed ends the connection with an alert, and leaves nothing unsaid', () => {
    const recordPadding: RecordPadding = {
      handshake: true,
      bytesFor: (contentBytes) => {
        if (contentBytes === 13) throw new Error('thirteen');
        return 0;
      },
    };
    const [sender, receiver] = [client({ recordPadding }), server()];
    exchange(sender, receiver);
    expect(sender.send(new Uint8Array(13))).toBe(0);
    const { a, b } = exchange(sender, receiver);
    expect(ofType(a, 'failed')[0]).toMatchObject({
      error: { code: 'local.policyFailed' },
      alert: 'internal_error',
      sentBy: 'us',
    });
    expect(ofType(b, 'failed')[0]).toMatchObject({
      error: { code: 'received.alert' },
      alert: 'internal_error',
    });
  });
});

/** Bytes of content and padding in the records of a client that sends `writes`, then closes. */
function sizes(
  recordPadding: RecordPadding,
  writes: readonly number[],
  options: Partial<ClientOptions> = {},
  recordSizeLimit?: number,
) {
  const limits = recordSizeLimit === undefined ? {} : { recordSizeLimit };
  const sender = client({
    recordPadding,
    trace: true,
    ...(recordSizeLimit && { recordSizeLimit: 16_385 }),
    ...options,
  });
  const receiver = server(limits);
  const { a } = exchange(sender, receiver);
  const handshake = recordSizes(a, 22);
  for (const bytes of writes) expect(sender.send(new Uint8Array(bytes).fill(1))).toBe(bytes);
  const sent = drain(sender);
  for (const { pieces } of ofType(sent, 'transmit')) for (const piece of pieces) receiver.receive(piece, 1);
  const received = Buffer.concat(ofType(drain(receiver), 'data').map(({ bytes }) => bytes));
  expect(received.length).toBe(writes.reduce((sum, bytes) => sum + bytes, 0));
  sender.close();
  return { handshake, data: recordSizes(sent, 23), alert: recordSizes(drain(sender), 21)[0]! };
}

function recordSizes(outputs: readonly Output[], contentType: number): number[] {
  return ofType(outputs, 'trace').flatMap(({ event }) =>
    event.what === 'record' &&
    event.direction === 'sent' &&
    event.isProtected &&
    event.contentType === contentType
      ? [event.wireBytes - overheadBytes]
      : [],
  );
}

/** Header, content type and tag. */
const overheadBytes = 5 + 1 + 16;
