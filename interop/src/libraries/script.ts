/** Where a server is, and with what its clients come. */
export interface Site {
  readonly ports: Readonly<Record<string, number>>;
  readonly files: SiteFiles;
}

export interface SiteFiles {
  /** PEM: the root that signed everybody, one that signed nobody, and the root with the intermediate. */
  readonly ca: string;
  readonly wrongCa: string;
  readonly allCas: string;
  /** PEM: chains and keys. */
  readonly serverChain: string;
  readonly serverKey: string;
  /** Another certificate for the same names. */
  readonly otherChain: string;
  readonly otherKey: string;
  readonly clientChain: string;
  readonly clientKey: string;
}

/** What a case saw, as JSON: the same by Node's own TLS and by ours. */
export type Facts = unknown;

/**
 * What runs in a process of its own, once by Node's `tls` and once by ours. Cases run one after the other; they throw when the library
 * did not do its work, and give what else may be compared.
 */
export interface Script {
  readonly cases: Readonly<Record<string, (site: Site) => Promise<Facts>>>;
  /** The server, where it is in JavaScript too; gives its ports. It ends with its process. */
  readonly serve?: Serve;
}

export type Serve = (files: SiteFiles) => Promise<Readonly<Record<string, number>>>;

/** Every script by the name of its library. */
export const scripts: Readonly<Record<string, () => Promise<Script>>> = {
  pg: () => import('./scripts/pg.ts'),
  mysql2: () => import('./scripts/mysql2.ts'),
  ioredis: () => import('./scripts/ioredis.ts'),
  mqtt: () => import('./scripts/mqtt.ts'),
  imapflow: () => import('./scripts/imapflow.ts'),
  undici: () => import('./scripts/undici.ts'),
  ws: () => import('./scripts/ws.ts'),
  nodemailer: () => import('./scripts/nodemailer.ts'),
  grpc: () => import('./scripts/grpc.ts'),
  express: () => import('./scripts/express.ts'),
  http2: () => import('./scripts/http2.ts'),
  tedious: () => import('./scripts/tedious.ts'),
};

/** What a parent tells a child process, and what that answers. */
export type Task = { readonly library: string } & (
  | { readonly role: 'server'; readonly files: SiteFiles }
  | { readonly role: 'client'; readonly sites: Readonly<Record<string, Site>> }
);

export type Report =
  | { readonly type: 'listening'; readonly ports: Readonly<Record<string, number>> }
  | { readonly type: 'result'; readonly site: string; readonly case: string; readonly outcome: CaseOutcome }
  /** `wraps`: how many connections Node's own TLS was made for. */
  | { readonly type: 'done'; readonly wraps: number };

export type CaseOutcome = { readonly facts: Facts } | { readonly failure: string };
