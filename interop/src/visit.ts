import {
  type ClientOptions,
  ReplayGuard,
  type ServerOptions,
  type Session,
  type TicketKeeper,
  TicketRing,
  type EarlyDataGuard,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { join } from 'node:path';
import {
  avoidsKeyExchange,
  type Cell,
  type GroupName,
  resumes,
  retriesGroup,
  sendsEarlyData,
} from './cell.ts';
import { decoyGroup, type PeerSide, type World } from './peers/peer.ts';

/** One of the connections of a cell: a cell that resumes has two, and what the first leaves to the second. */
export interface Visit {
  /** From 1. */
  readonly number: number;
  readonly isLast: boolean;
  /** What is agreed on. */
  readonly group: GroupName;
  /** Whether a HelloRetryRequest asks for it. */
  readonly isRetried: boolean;
  /** Whether a pre-shared key stands alone (psk_ke). */
  readonly hasNoKeyExchange?: boolean;
  /** Whether a session of the first is resumed. */
  readonly isResumed: boolean;
  /** What becomes of early data; absent: none is sent. */
  readonly earlyData?: 'accepted' | 'rejected';
  readonly kept: Kept;
}

/** What our side, and a tool of theirs, keep from one visit to the next. */
export interface Kept {
  /** Of our client. */
  readonly sessions: Session[];
  /** Of our server. */
  readonly keeper: TicketKeeper;
  readonly guard: EarlyDataGuard;
  /** For a tool that writes its session into a file. */
  readonly sessionFile: string;
  /** What a tool sends as early data. */
  readonly earlyFile: string;
}

export function visitsOf(cell: Cell, side: PeerSide, { directory }: World): Visit[] {
  const kept: Kept = {
    sessions: [],
    keeper: new TicketRing({ provider: nodeProvider }),
    guard: new ReplayGuard(),
    sessionFile: join(directory, `session-${++cells}`),
    earlyFile: join(directory, 'early.txt'),
  };
  const { group } = cell;
  const isRetried =
    retriesGroup(cell) || cell.feature === 'cookie' || side.retriedGroups?.includes(group) === true;
  const only = { number: 1, isLast: true, group, isRetried, isResumed: false, kept };
  if (!resumes(cell)) return [{ ...only, hasNoKeyExchange: avoidsKeyExchange(cell) }];
  // A client may remember the group that a server asked for: our server asks for it in the second visit alone.
  const isLater = retriesGroup(cell) && cell.role === 'server';
  const first = isLater ? { ...only, group: decoyGroup(group, side), isRetried: false } : only;
  // A client that is refused by our server still resumes; our own client shows a ticket that nobody knows.
  const isResumed = cell.feature !== 'earlyRejected' || cell.role === 'server';
  return [
    { ...first, isLast: false },
    {
      ...only,
      number: 2,
      isResumed,
      hasNoKeyExchange: avoidsKeyExchange(cell),
      ...(sendsEarlyData(cell) && {
        earlyData: cell.feature === 'earlyData' ? ('accepted' as const) : ('rejected' as const),
      }),
    },
  ];
}

/** What our client is told besides, in this visit. */
export function visitingClient(cell: Cell, { number, kept }: Visit): Partial<ClientOptions> {
  const session = kept.sessions[0];
  if (number === 1 || session === undefined) return {};
  const isRefused = cell.feature === 'earlyRejected';
  return {
    sessions: [isRefused ? { ...session, ticket: garbled(session.ticket) } : session],
    sendEarlyData: sendsEarlyData(cell),
  };
}

/** What our server is told besides, in this visit. */
export function visitedServer(cell: Cell, { number, kept }: Visit): Partial<ServerOptions> {
  const { keeper, guard } = kept;
  const takes = sendsEarlyData(cell) && !(cell.feature === 'earlyRejected' && number > 1);
  return {
    tickets: { keeper },
    ...(takes && { earlyData: { maxBytes: 16_384, guard } }),
  };
}

function garbled(ticket: Uint8Array): Uint8Array {
  return ticket.map((byte) => byte ^ 0x5a);
}

/** What goes as early data. */
export const earlyLine = 'early, and perhaps again\n';
let cells = 0;
