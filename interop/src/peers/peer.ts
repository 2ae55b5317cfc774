import {
  type Cell,
  type CertificateKind,
  type Feature,
  type GroupName,
  retriesGroup,
  type SuiteName,
} from '../cell.ts';
import type { OwnEnd } from '../own-end.ts';
import type { Visit } from '../visit.ts';
import type { Tool } from '../processes.ts';
import type { Pki } from '../pki.ts';

/** Another TLS implementation, as we can drive it from here. */
export interface Peer {
  readonly name: string;
  /** What stands in tables, with version; a `reason` when it cannot be had on this machine. */
  find(runtimes: string): Promise<{ readonly version: string } | { readonly reason: string }>;
  /** What the tool cannot do, for the documentation. */
  readonly limits: readonly string[];
  /** Their server, our client. */
  readonly server?: PeerSide & {
    /** It cannot be told to listen on the loopback address alone: it runs inside a network of our own or not at all. */
    readonly listensEverywhere?: boolean;
    start(cell: Cell, world: World): Promise<ServerEnd>;
  };
  /** Their client, our server. */
  readonly client?: PeerSide & {
    start(cell: Cell, world: World, port: number, visit: Visit): Promise<PeerEnd>;
  };
}

/** What one side of a peer has, and so which cells there are. */
export interface PeerSide {
  readonly suites: readonly SuiteName[];
  readonly groups: readonly GroupName[];
  readonly certificates: readonly CertificateKind[];
  readonly features: readonly Feature[];
  /** False where the tool offers all it has and only our side can choose suite and group. */
  readonly isRestricted: boolean;
  /** Our server answers this side's requests, on however many connections it opens. */
  readonly speaksHttp?: boolean;
  /** Groups that it sends no share of at first. */
  readonly retriedGroups?: readonly GroupName[];
  /** Groups that it always sends a share of at first, if it has them at all. */
  readonly neverRetried?: readonly GroupName[];
  /** Which group to offer before another so that no share of that comes at first. */
  readonly decoys?: (group: GroupName) => GroupName;
  /** It refuses a HelloRetryRequest that has a cookie and no group. */
  readonly cookieNeedsGroup?: boolean;
  /** In which its certificates go compressed; by default zlib. */
  readonly compression?: 'brotli';
  /** The one protocol name that the tool can agree on; by default `sealwire/1`. */
  readonly alpn?: string;
  /** How the peer ends its side; by default with close_notify. */
  readonly closesWith?: 'truncated' | 'reset';
}

/** What all cells share. */
export interface World {
  readonly pki: Pki;
  /** 20 MB of printable lines, in memory and as a file named `bulk.txt` in `directory`. */
  readonly bulk: Uint8Array;
  readonly bulkSha256: string;
  readonly directory: string;
  /** Folder of runtimes fetched from the registry. */
  readonly runtimes: string;
}

/**
 * How data goes back and forth. `console`: its input is sent, what it receives is printed. `echo`: it sends back
 * what it receives. `http`: it asks or answers by HTTP/1.1. `browser`: a page of it does.
 */
export type PeerEnd = PeerManners &
  (
    | { readonly talk: 'console' | 'echo' | 'http'; readonly tool: Tool }
    | { readonly talk: 'browser'; readonly tool: Pick<Tool, 'stop' | 'describe'> }
  );

export interface PeerManners {
  /** What must stand in its output in the end. */
  readonly prints?: readonly (string | RegExp)[];
  /** And besides after the last visit. */
  readonly printsLast?: readonly (string | RegExp)[];
  /**
   * A client that comes again by itself. `leave` ends its side of a visit that is not the last. One without it comes
   * and goes at first without a word.
   */
  readonly returns?: { leave?(): Promise<void> };
  /** How long to wait before coming again, ms. */
  readonly restMs?: number;
  /** Early data that it takes is seen nowhere. */
  readonly hidesEarlyData?: boolean;
  /** It sends only the beginning of a line that is longer than its record size. */
  readonly cutsLongLines?: boolean;
  /** It prints so slowly that large data goes only from it to us. */
  readonly printsSlowly?: boolean;
  /** The end of its input does not make it end its side; ours does. */
  readonly waitsForOurEnd?: boolean;
  /** Makes a server ask for a certificate after the handshake. */
  requestCertificate?(ours: OwnEnd): Promise<void>;
  /** Makes it update its keys and ask for ours. */
  updateKeys?(): Promise<void>;
  /** Makes it begin another handshake, before TLS 1.3. */
  renegotiate?(ours: OwnEnd): Promise<void>;
  /** A browser: what its page posts, on whichever connection. */
  readonly expectsWord?: string;
  /** An HTTP client: resolves once it has all answers, throws if one is wrong. */
  finished?(): Promise<void>;
  /** Looked at after a cell that went well; throws when something is missing. */
  inspect?(visit: Visit): void | Promise<void>;
}

export type ServerEnd = PeerEnd & { readonly port: number };

/** The groups that their client offers, so that its first share fits or does not. */
export function offeredGroups({ group, feature }: Cell, side: PeerSide): GroupName[] {
  const isRetried = retriesGroup({ feature }) || (feature === 'cookie' && side.cookieNeedsGroup === true);
  return isRetried ? [decoyGroup(group, side), group] : [group];
}

/** A group to offer first when a retry is to be forced: any other that both have. */
export function decoyGroup(group: GroupName, { groups, decoys }: PeerSide): GroupName {
  if (decoys !== undefined) return decoys(group);
  const decoy = ['secp256r1', 'x25519', 'secp384r1'].find(
    (each) => each !== group && groups.includes(each as GroupName),
  );
  if (decoy === undefined) throw new Error(`no group but ${group}`);
  return decoy as GroupName;
}
