/** One end of a connection, as far as all stacks have it: what a Duplex of Node is, and the bare loop is just so far. */
export interface End {
  on(event: 'data', listener: (chunk: Uint8Array) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'end' | 'close' | 'drain', listener: () => void): this;
  once(event: 'drain' | 'close', listener: () => void): this;
  /** False: `drain` says when there is room again. */
  write(chunk: Uint8Array): boolean;
  resume(): unknown;
  end(): unknown;
}

/** One way to carry bytes over loopback TCP; all with the same version, suite, group and certificates. */
export interface Stack<E extends End = End> {
  readonly name: string;
  /** Serves connections until `close`. */
  listen(onConnection: (connection: E) => void): Promise<{ readonly port: number; close(): Promise<void> }>;
  /** Resolves when application data may flow. */
  connect(port: number): Promise<E>;
  /** As `connect`, each connection with a session of one before; throws where the first but one is not resumed. */
  resuming?(): (port: number) => Promise<E>;
}
