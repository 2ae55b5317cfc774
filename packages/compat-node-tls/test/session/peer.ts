/**
 * What a server and a client of these tests can be told, and what comes of it: the same for `node:tls` and for ours, as JSON, so that
 * it also goes to a process of another Node. Bytes are in hexadecimal.
 */
export interface Wishes {
  readonly version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly ca: string;
  readonly alpn?: readonly string[];
}

export interface ServerWishes extends Wishes {
  readonly cert: string;
  readonly key: string;
  readonly ticketKeys: string;
  readonly sessionIdContext: string;
  /** Asks for a certificate, and wants one that it trusts; `any`: takes all. */
  readonly clients?: 'trusted' | 'any';
  readonly noTickets?: boolean;
  /** Seconds. */
  readonly lifetime?: number;
  /** Sessions by their ids, kept outside: listeners of newSession and resumeSession. */
  readonly byId?: boolean;
}

export interface ClientWishes extends Wishes {
  readonly port: number;
  readonly servername: string;
  readonly cert?: string;
  readonly key?: string;
  readonly session?: string;
  /** What is sent first; default a letter. */
  readonly greeting?: string;
  /** Goes on with a server that it does not trust. */
  readonly anyServer?: boolean;
}

/** What the server says of a connection. */
export interface Served {
  readonly reused: boolean;
  readonly alpn: string;
  /** subject CN of the client. */
  readonly client: string;
  readonly authorized: boolean;
}

export interface Dialed {
  readonly reused: boolean;
  readonly authorized: boolean;
  /** Of the event `session`, in order, or else what getSession() gives at the end. */
  readonly sessions: readonly string[];
  readonly server: Served | undefined;
  readonly error: string;
}

export interface Serving {
  readonly port: number;
  /** Sessions that it has given away, and takes again, by their ids. */
  readonly store: Map<string, string>;
  /** Whatever it has seen of sessions: getSession() and newSession. */
  readonly seen: readonly string[];
  setTicketKeys(keys: string): void;
  close(): Promise<void>;
}

export interface Implementation {
  readonly name: string;
  serve(wishes: ServerWishes): Promise<Serving>;
  dial(wishes: ClientWishes): Promise<Dialed>;
}
