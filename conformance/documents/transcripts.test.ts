import {
  openRecords,
  pair,
  passageOf,
  passageOfHistory,
  printTranscript,
  printTranscriptHtml,
  recordClient,
  recordServer,
} from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import {
  clientOptionsOf,
  nodeProvider,
  nobleProvider,
  scenarios,
  serverOptionsOf,
  speakEarly,
} from '../properties/scenarios.ts';

const tapped = { isTapped: true };

describe.each(scenarios)('$name', (scenario) => {
  const client = recordClient(clientOptionsOf(scenario, tapped));
  const server = recordServer(serverOptionsOf(scenario, tapped));
  const result = pair(client.connection, server.connection, {
    chunking: 'random',
    onOutput: (side, output) =>
      speakEarly(scenario, (side === 'client' ? client : server).connection, output),
  }).run(scenario.script);
  const passage = passageOf(result);
  const records = openRecords(passage, nodeProvider);

  it('opens every record with the lines of the key log', () => {
    expect(records.filter(({ content }) => content === undefined)).toEqual([]);
    const data = (from: string) =>
      Buffer.concat(
        records.flatMap((each) =>
          each.from === from && each.type === 23 && !(each.epoch === 'early' && isRefused)
            ? [each.content!]
            : [],
        ),
      );
    const isRefused = scenario.earlyData?.isTaken === false;
    expect(data('client').equals(result.server.data)).toBe(true);
    expect(data('server').equals(result.client.data)).toBe(true);
    expect(
      Buffer.concat(records.filter(({ from }) => from === 'client').map(({ wire }) => wire)).equals(
        result.client.transmitted,
      ),
    ).toBe(true);
  });

  it('sees in each message what the connections saw', () => {
    const sent = (side: 'client' | 'server') =>
      result[side].outputs.flatMap((output) =>
        output.type === 'trace' && output.event.what === 'handshake' && output.event.direction === 'sent'
          ? [Buffer.from(output.event.raw).toString('hex')]
          : [],
      );
    for (const side of ['client', 'server'] as const) {
      const seen = records.filter(({ from }) => from === side).flatMap(({ messages }) => messages);
      expect(seen.map((message) => Buffer.from(message).toString('hex'))).toEqual(sent(side));
    }
  });

  it('shows every byte of every message, and finds nothing amiss', () => {
    const text = printTranscript(records);
    expect(text).not.toMatch(/bytes too many|after the problem|no secret opens/);
    for (const { messages } of records) {
      for (const message of messages) {
        expect(text).toContain(Buffer.from(message.subarray(0, 1)).toString('hex'));
      }
    }
    expect(hexIn(text).length).toBeGreaterThan(records.flatMap(({ content }) => [...content!]).length * 2);
    expect(printTranscriptHtml(records)).toContain('</html>');
  });

  it('is the same from either side’s history', () => {
    for (const recording of [client, server]) {
      const own = openRecords(passageOfHistory(recording.history()), nobleProvider);
      // Whoever refuses 0-RTT data has no keys for it.
      const isOpen = ({ epoch }: (typeof own)[number]) => epoch !== 'early' || scenario.earlyData?.isTaken;
      const key = (record: (typeof own)[number]) =>
        `${record.from} ${hex(record.wire)} ${isOpen(record) ? hex(record.content ?? new Uint8Array(0)) : ''}`;
      expect(own.map(key).toSorted()).toEqual(records.map(key).toSorted());
    }
  });
});

it('shows what it cannot open as it is', () => {
  const [scenario] = scenarios;
  const client = recordClient(clientOptionsOf(scenario!));
  const result = pair(client.connection, recordServer(serverOptionsOf(scenario!)).connection).run(
    scenario!.script,
  );
  const records = openRecords(passageOf(result), nodeProvider);
  expect(records.filter(({ content }) => content === undefined).length).toBeGreaterThan(3);
  expect(printTranscript(records)).toContain('content that no secret opens');
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const hexIn = (text: string) =>
  [...text.matchAll(/^ {2}[0-9a-f]{4} {2}((?:[0-9a-f]{2} ?)+)/gm)]
    .map(([, bytes]) => bytes)
    .join('')
    .replaceAll(' ', '');
