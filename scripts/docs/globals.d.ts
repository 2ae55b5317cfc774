/** What snippets use of other runtimes, whose own declarations would clash with those of Node. */
declare const Deno: {
  connect(options: { hostname: string; port: number }): Promise<{
    read(buffer: Uint8Array): Promise<number | null>;
    write(bytes: Uint8Array): Promise<number>;
    closeWrite(): Promise<void>;
    close(): void;
  }>;
  readTextFile(path: string): Promise<string>;
};

declare module 'cloudflare:sockets' {
  export function connect(
    address: { hostname: string; port: number },
    options?: { allowHalfOpen?: boolean },
  ): { readonly readable: ReadableStream<Uint8Array>; readonly writable: WritableStream<Uint8Array> };
}
