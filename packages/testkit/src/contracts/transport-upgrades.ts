import { type ByteStream, ByteWire, type WireEnd } from './byte-wire.ts';
import { ascii } from './contract-case.ts';
import { caseWith, expectThat, expectToRead, forwarding, noise, otherEnd, send } from './transport-ends.ts';
import type { TransportCase, TransportUnderTest } from './transport-under-test.ts';
import { rejection, settled } from './waiting.ts';

/**
 * TLS on a wire that has carried lines before, as after STARTTLS (RFC 3207, RFC 9051 §6.2.1): what came in the chunk of the last line
 * belongs to TLS, and never to the program (CVE-2011-0411).
 */
export function upgradeCases(transport: TransportUnderTest): TransportCase[] {
  const helloBytes = {
    'whole ClientHello': undefined,
    'first byte of a ClientHello': 1,
    'part of a ClientHello': 90,
  };
  return [
    ...Object.entries(helloBytes).map(([what, bytes]) =>
      caseWith(transport, 'alreadyRead', `a ${what} in the chunk of the last line`, () =>
        helloWithLine(transport, bytes),
      ),
    ),
    caseWith(transport, 'alreadyRead', 'a ServerHello in the chunk of the last line', () =>
      answerWithLine(transport),
    ),
    ...(['client', 'server'] as const).map((role) =>
      caseWith(transport, 'alreadyRead', `lines behind the last line are no data for the ${role}`, () =>
        linesBehind(transport, role),
      ),
    ),
  ];
}

/** A client that does not wait for the answer: its line and its hello leave in one write. */
async function helloWithLine(transport: TransportUnderTest, bytes: number | undefined): Promise<void> {
  const line = ascii('STARTTLS\r\n');
  const wire = new ByteWire(bytes === undefined ? {} : { chunkBytes: line.length + bytes });
  const client = transport.secure(behind(line, wire.client), 'client', {});
  client.catch(() => {});
  const chunk = await settled(wire.server.read(), 'the line');
  const alreadyRead = chunk?.slice(line.length) ?? ascii('');
  expectThat(alreadyRead.length === bytes || (bytes === undefined && alreadyRead.length > 90), 'no hello');
  await talk(client, transport.secure(wire.server, 'server', { alreadyRead }));
}

/** Whoever filters lines out of the stream below gives TLS what is behind them, however early it comes. */
async function answerWithLine(transport: TransportUnderTest): Promise<void> {
  const line = ascii('220 go ahead\r\n');
  const wire = new ByteWire();
  let behindLine = 0;
  const filtered: ByteStream = {
    ...forwarding(wire.client),
    async read() {
      const chunk = await wire.client.read();
      if (behindLine > 0 || chunk === undefined) return chunk;
      behindLine = chunk.length - line.length;
      return chunk.slice(line.length);
    },
  };
  const client = transport.secure(filtered, 'client', {});
  await talk(client, transport.secure(behind(line, wire.server), 'server', {}));
  expectThat(behindLine > 90, 'the line came alone');
}

async function linesBehind(transport: TransportUnderTest, role: WireEnd): Promise<void> {
  const wire = new ByteWire();
  const alreadyRead = ascii('MAIL FROM:<mallory@example.org>\r\n');
  const victim = transport.secure(wire[role], role, { alreadyRead });
  const other = transport.secure(wire[otherEnd(role)], otherEnd(role), {});
  other.catch(() => {});
  const { code } = await rejection(victim, `the ${role}`);
  expectThat(/^peer\./.test(String(code)), `expected the peer to be blamed, got ${String(code)}`);
  await rejection(other, `the ${otherEnd(role)}`);
}

async function talk(...opening: readonly [Promise<ByteStream>, Promise<ByteStream>]): Promise<void> {
  const [client, server] = await settled(Promise.all(opening), 'the handshake');
  const [question, answer] = [noise(1_000, 1), noise(20_000, 2)];
  await Promise.all([
    send(client, question),
    send(server, answer),
    expectToRead(server, question, 'the server'),
    expectToRead(client, answer, 'the client'),
  ]);
  for (const link of [client, server]) link.destroy();
}

/** What is written first comes in one chunk with this line before it. */
function behind(line: Uint8Array, below: ByteStream): ByteStream {
  let isFirst = true;
  return {
    ...forwarding(below),
    write(bytes) {
      if (!isFirst) return below.write(bytes);
      isFirst = false;
      const whole = new Uint8Array(line.length + bytes.length);
      whole.set(line);
      whole.set(bytes, line.length);
      return below.write(whole);
    },
  };
}
