import { defaultLimits } from '@sealwire/core';
import type { Cell } from './cell.ts';
import { checkFacts, equal } from './check-facts.ts';
import { converse } from './converse.ts';
import type { OwnEnd } from './own-end.ts';
import { recordLimit } from './own-options.ts';
import type { PeerEnd, PeerSide, World } from './peers/peer.ts';
import { earlyLine, type Visit } from './visit.ts';

/** Follows one connection from its handshake to its end, and throws where anything differs from what was asked. */
export async function checkCell(
  cell: Cell,
  ours: OwnEnd,
  theirs: PeerEnd,
  side: PeerSide,
  world: World,
  visit: Visit,
): Promise<void> {
  if (cell.feature === 'clientRefused') return await expectAlert(cell, ours, 'certificate_required');
  if (cell.feature === 'alpnRefused') return await expectAlert(cell, ours, 'no_application_protocol');
  await ours.connected();
  if (cell.feature === 'keyUpdateFlood') return await expectFloodRefused(ours, theirs);
  checkFacts(cell, ours, side, world, visit);
  if (!visit.isLast && theirs.returns !== undefined && theirs.returns.leave === undefined) {
    return await endSilently(ours);
  }
  await checkEarlyData(cell, ours, theirs, visit, 'before anything else');
  await converse(cell, ours, theirs, world);
  if (cell.role === 'client') await checkEarlyData(cell, ours, theirs, visit, 'afterwards');
  checkAfterwards(cell, ours);
  if (cell.role === 'client' && !visit.isLast) {
    await ours.until('session', () => ours.sessions.length > 0);
    visit.kept.sessions.push(...ours.sessions);
  }
  await closeInOrder(cell, ours, theirs, side, visit);
  if (theirs.talk !== 'browser') {
    const prints = [...(theirs.prints ?? []), ...((visit.isLast && theirs.printsLast) || [])];
    for (const text of prints) await theirs.tool.until(text, 0, 3000);
  }
  await theirs.inspect?.(visit);
}

/** The peer has come for a session alone; it may go without reading what is left. */
export async function endSilently(ours: OwnEnd): Promise<void> {
  await ours.until('end of the peer', () => ours.peerClosed !== undefined || ours.isCutOff);
  ours.close();
}

/** What was not taken as early data goes again, where it is ours. */
async function checkEarlyData(
  { role }: Cell,
  ours: OwnEnd,
  theirs: PeerEnd,
  { earlyData }: Visit,
  when: 'before anything else' | 'afterwards',
): Promise<void> {
  if (earlyData === undefined) return;
  const isAnswered = when === 'afterwards';
  const text = earlyLine.trim();
  if (role === 'server') {
    if (earlyData === 'accepted') await ours.until('early data', () => ours.text.includes(text));
    equal('has taken early data', ours.earlyBytes > 0, earlyData === 'accepted');
    return;
  }
  // Such a server shows what it took in its answer to a request, which it takes that for a part of.
  if (theirs.talk === 'http') {
    if (isAnswered && earlyData === 'accepted') await sees(ours, text);
    return;
  }
  if (isAnswered) return;
  if (earlyData === 'rejected') await ours.send(earlyLine);
  if (earlyData === 'accepted' && theirs.hidesEarlyData) return;
  if (theirs.talk === 'console') await theirs.tool.until(text);
  else await sees(ours, text);
}

function sees(ours: OwnEnd, text: string): Promise<void> {
  return ours.until('echo of early data', () => ours.text.includes(text));
}

/** A server that refuses sends the alert; a client of TLS 1.3 may believe itself connected until it comes. */
async function expectAlert({ role }: Cell, ours: OwnEnd, alert: string): Promise<void> {
  await ours.until(`alert ${alert}`, () => ours.ended !== undefined);
  const { ended } = ours;
  equal('end', ended?.type, 'failed');
  if (ended?.type !== 'failed') return;
  equal('alert', ended.alert, alert);
  equal('sender of the alert', ended.sentBy, role === 'client' ? 'peer' : 'us');
}

/** Of KeyUpdates without data between them we take `limits.keyUpdates`. */
async function expectFloodRefused(ours: OwnEnd, theirs: PeerEnd): Promise<void> {
  for (let sent = 0; ours.ended === undefined; sent++) {
    if (sent > 2 * defaultLimits.keyUpdates) throw new Error(`we: ${sent} key updates were not refused`);
    await theirs.updateKeys?.();
    // One at a time: consoles read commands from what one read brings.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { ended } = ours;
  equal('end', ended?.type === 'failed' && ended.error.code, 'peer.tooManyKeyUpdates');
  equal('sender of the alert', ended?.type === 'failed' && ended.sentBy, 'us');
  equal('key updates received', ours.connection.facts.keyUpdatesReceived >= defaultLimits.keyUpdates, true);
}

function checkAfterwards({ feature }: Cell, ours: OwnEnd): void {
  const { facts } = ours.connection;
  if (feature === 'keyUpdate' || feature === 'peerKeyUpdate') {
    if (facts.keyUpdatesReceived < 1 || facts.keyUpdatesSent < 1)
      throw new Error(`we: ${facts.keyUpdatesSent} key updates sent, ${facts.keyUpdatesReceived} received`);
  }
  if (feature === 'recordSizeLimit') {
    const limit = facts.peerRecordSizeLimit;
    if (limit === undefined) throw new Error('we: no record_size_limit came');
    for (const record of ours.records.filter(({ isProtected }) => isProtected)) {
      const most = record.direction === 'sent' ? limit : recordLimit;
      if (record.contentBytes + 1 > most)
        throw new Error(
          `we: a record ${record.direction} with ${record.contentBytes} bytes, the limit is ${most}`,
        );
    }
  }
}

/**
 * Our client closes first, except after an answer by HTTP/1.0, which the server ends. Of our server's peers, a
 * console closes first where it can, and then we.
 */
export async function closeInOrder(
  { role }: Pick<Cell, 'role'>,
  ours: OwnEnd,
  theirs: PeerEnd,
  side: Pick<PeerSide, 'closesWith'>,
  visit: Pick<Visit, 'isLast'>,
): Promise<void> {
  if (role === 'server' && theirs.talk === 'console') {
    if (!visit.isLast && theirs.returns?.leave !== undefined) await theirs.returns.leave();
    else theirs.tool.endInput();
  }
  const isTheirTurn = role === 'server' ? !theirs.waitsForOurEnd : theirs.talk === 'http';
  if (isTheirTurn) {
    await ours.until('end of the peer', () => ours.peerClosed !== undefined || ours.ended !== undefined);
  }
  ours.close();
  if (side.closesWith === 'reset') return;
  await ours.until('end', () => ours.ended !== undefined || ours.peerClosed === 'truncated');
  equal('end of the peer', ours.peerClosed, side.closesWith ?? 'closeNotify');
  if (ours.peerClosed === 'closeNotify') equal('end', ours.ended?.type, 'closed');
}
