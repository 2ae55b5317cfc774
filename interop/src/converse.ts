import { createHash } from 'node:crypto';
import type { Cell } from './cell.ts';
import type { OwnEnd } from './own-end.ts';
import type { PeerEnd, World } from './peers/peer.ts';

/** Sends data both ways in the peer's manner, with the key updates or the bulk that the cell asks for. */
export async function converse(
  cell: Pick<Cell, 'role' | 'feature'>,
  ours: OwnEnd,
  theirs: PeerEnd,
  world: World,
): Promise<void> {
  const { feature } = cell;
  if (theirs.talk === 'browser') return await answeredHttp(ours, theirs);
  if (theirs.talk === 'http') {
    if (feature === 'keyUpdate') ours.updateKeys();
    return cell.role === 'client'
      ? await askHttp(cell, ours, theirs, world)
      : await answeredHttp(ours, theirs);
  }
  const talk = theirs.talk === 'console' ? throughConsole : throughEcho;
  await talk(ours, theirs, 'before');
  if (feature === 'keyUpdate' || feature === 'peerKeyUpdate') {
    if (feature === 'keyUpdate') ours.updateKeys();
    else {
      await theirs.updateKeys?.();
      await ours.until('key update', () => ours.connection.facts.keyUpdatesReceived > 0);
    }
    await talk(ours, theirs, 'after');
    await ours.until('key update', () => ours.connection.facts.keyUpdatesReceived > 0);
    await talk(ours, theirs, 'later');
  }
  if (feature === 'lateCertificate') {
    await authenticateLate(cell, ours, theirs);
    await talk(ours, theirs, 'after');
  }
  if (feature === 'recordSizeLimit') await talk(ours, theirs, 'long '.repeat(1500), theirs.cutsLongLines);
  if (feature === 'bulk')
    await (theirs.talk === 'console' ? bulkThroughConsole : bulkThroughEcho)(ours, theirs, world);
}

/** A program, and not a page. */
type ToolEnd = Exclude<PeerEnd, { talk: 'browser' }>;

/** One line each way, or one line and its echo. */
export async function talkOnce(ours: OwnEnd, theirs: PeerEnd, word: string): Promise<void> {
  if (theirs.talk === 'console') await throughConsole(ours, theirs, word);
  else if (theirs.talk === 'echo') await throughEcho(ours, theirs, word);
  else throw new Error('no second line by HTTP');
}

/** RFC 9846 §4.7.2. */
async function authenticateLate({ role }: Pick<Cell, 'role'>, ours: OwnEnd, theirs: ToolEnd): Promise<void> {
  const { connection } = ours;
  if (role === 'server') {
    ours.requestCertificate();
    await ours.until('late certificate', () => ours.isLateAuthenticated === true);
    if (connection.facts.peerEvidence?.type !== 'x509') throw new Error('we: the facts have no certificate');
  } else {
    await theirs.requestCertificate?.(ours);
    await ours.until('request for a certificate', () => connection.facts.ownChain !== undefined);
  }
}

/** We send a line, which the tool prints; the tool is given one, which we receive. */
async function throughConsole(
  ours: OwnEnd,
  { tool }: ToolEnd,
  word: string,
  isOneWay = false,
): Promise<void> {
  await ours.send(`to-you ${word}\n`);
  await tool.until(`to-you ${word}`);
  if (isOneWay) return;
  await tool.write(`to-me ${word}\n`);
  await ours.until('data', () => ours.text.includes(`to-me ${word}`));
}

async function throughEcho(ours: OwnEnd, _theirs: ToolEnd, word: string): Promise<void> {
  await ours.send(`echo ${word}\n`);
  await ours.until('echo', () => ours.text.includes(`echo ${word}`));
}

async function bulkThroughConsole(ours: OwnEnd, theirs: ToolEnd, { bulk, bulkSha256 }: World): Promise<void> {
  const { tool } = theirs;
  if (!theirs.printsSlowly) {
    const printed = tool.stdoutBytes;
    await ours.send(bulk);
    await tool.untilStdoutBytes(printed + bulk.length, bulkTimeMs);
    sameHash('what the peer printed', tool.stdoutFrom(printed).subarray(0, bulk.length), bulkSha256);
  }
  const received = ours.receivedBytes;
  void tool.write(bulk);
  await ours.until('bulk', () => ours.receivedBytes >= received + bulk.length, bulkTimeMs);
  sameHash('what we received', ours.receivedFrom(received), bulkSha256);
}

async function bulkThroughEcho(ours: OwnEnd, _theirs: ToolEnd, { bulk, bulkSha256 }: World): Promise<void> {
  const received = ours.receivedBytes;
  await ours.send(bulk);
  await ours.until('bulk', () => ours.receivedBytes >= received + bulk.length, bulkTimeMs);
  sameHash('the echo', ours.receivedFrom(received), bulkSha256);
}

/** We are the client. The tool answers a GET; for bulk it sends a file. */
async function askHttp(
  cell: Pick<Cell, 'role' | 'feature'>,
  ours: OwnEnd,
  _theirs: PeerEnd,
  { bulk, bulkSha256 }: World,
): Promise<void> {
  const isBulk = cell.feature === 'bulk';
  await ours.send(`GET ${isBulk ? '/bulk.txt' : '/'} HTTP/1.0\r\nX-Word: marker-of-ours\r\n\r\n`);
  await ours.until('answer', () => /^HTTP\/1\.[01] 200/.test(ours.text));
  if (isBulk) {
    const start = () => ours.text.indexOf('\r\n\r\n') + 4;
    await ours.until('bulk', () => ours.receivedBytes >= start() + bulk.length, bulkTimeMs);
    sameHash('what we received', ours.receivedFrom(start()).subarray(0, bulk.length), bulkSha256);
  } else {
    await ours.until('echo of the request', () => ours.text.includes('marker-of-ours'));
  }
}

/** We are the server: `serveHttp` answers, the tool proves what it got. */
async function answeredHttp(ours: OwnEnd, theirs: PeerEnd): Promise<void> {
  await ours.until('request', () => ours.text.includes('HTTP/1.1\r\n'));
  await theirs.finished?.();
}

function sameHash(what: string, bytes: Uint8Array, expected: string): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== expected)
    throw new Error(`${what}: ${bytes.length} bytes with SHA-256 ${actual}, not ${expected}`);
}

const bulkTimeMs = 60_000;
