import { expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { Transcript } from '../transcript/transcript.ts';
import { Flight } from './flight.ts';

const sha256 = testProvider.hashes.sha256!;
const a = new Uint8Array([1]);
const b = new Uint8Array([2]);
const c = new Uint8Array([3]);

it('sends what it hashes, in order, cut where an effect stands between', () => {
  const flight = Flight.after(Transcript.empty)
    .append(a)
    .append(b)
    .doing({ do: 'sendChangeCipherSpec' })
    .append(c);
  const effects = flight.finish();
  expect(effects).toEqual([
    { do: 'send', messages: [a, b] },
    { do: 'sendChangeCipherSpec' },
    { do: 'send', messages: [c] },
    { do: 'setTranscript', transcript: flight.transcript },
  ]);
  expect(flight.transcript.digest(sha256)).toEqual(sha256.digest([a, b, c]));
});

it('is a value: a branch leaves the others as they were', () => {
  const open = Flight.after(Transcript.empty).append(a);
  const left = open.append(b);
  const right = open.append(c);
  expect(open.finish()[0]).toEqual({ do: 'send', messages: [a] });
  expect(left.finish()[0]).toEqual({ do: 'send', messages: [a, b] });
  expect(right.transcript.digest(sha256)).toEqual(sha256.digest([a, c]));
});

it('may hash other bytes than it sends', () => {
  const flight = Flight.after(Transcript.empty).append(a, b);
  expect(flight.finish()[0]).toEqual({ do: 'send', messages: [a] });
  expect(flight.transcript.digest(sha256)).toEqual(sha256.digest([b]));
});
