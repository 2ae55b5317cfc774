/**
 * Runs in Deno: the contract over the network and in memory, a conversation with each server it is told of, also after a dialogue in
 * clear, then echo servers of its own, with TLS at once and after STARTTLS, until its input ends. Prints JSON, a line for each.
 */
import { nobleProvider } from '@sealwire/crypto-noble';
import type { ByteStream, EndOptions, ListenerUnderTest, TransportNetwork } from '@sealwire/testkit';
import {
  type ByteStreams,
  type ConnLike,
  connStreams,
  secureClient,
  secureServer,
  type TlsStreams,
} from '../../src/index.ts';
import { connectionOf, linkOf, webTransport } from '../under-test.ts';
import { runContract, type Task } from './contract.ts';
import { greet } from './greet.ts';
import { readLine, upgrade, writeLine } from './starttls.ts';

interface Listener extends AsyncIterable<ConnLike> {
  readonly addr: { readonly port: number };
  close(): void;
}

declare const Deno: {
  readonly args: readonly string[];
  readonly stdin: { readonly readable: ReadableStream<Uint8Array> };
  readTextFileSync(path: string): string;
  listen(options: { readonly hostname: string; readonly port: number }): Listener;
  connect(options: { readonly hostname: string; readonly port: number }): Promise<ConnLike>;
  memoryUsage(): { readonly heapUsed: number };
  exit(code: number): never;
};
declare const gc: () => void;

const hostname = '127.0.0.1';
const { identities, profile, servers, upgrading }: Task = JSON.parse(
  Deno.readTextFileSync(Deno.args[0] ?? ''),
);
let unhandled = 0;
(globalThis as never as EventTarget).addEventListener('unhandledrejection', (event) => {
  unhandled += 1;
  event.preventDefault();
});

const network: TransportNetwork = {
  listen: (options, served) =>
    listening((conn, links) => {
      const opening = open('server', conn, options);
      links.add(opening);
      const over = () => links.delete(opening);
      opening.closed.then(over, over);
      opening.opened.then(() => served.connection(linkOf(opening)), served.failure);
    }),
  async connect(port, options) {
    const own = open('client', await Deno.connect({ hostname, port }), options);
    await own.opened;
    return linkOf(own);
  },
  plain: {
    listen: (serve) => listening((conn) => serve(plainLink(conn))),
    connect: async (port) => plainLink(await Deno.connect({ hostname, port })),
  },
};

function open(role: 'client' | 'server', conn: ConnLike, options: EndOptions): TlsStreams {
  return connectionOf(connStreams(conn), role, options, identities, nobleProvider);
}

async function listening(
  accept: (conn: ConnLike, links: Set<TlsStreams>) => void,
): Promise<ListenerUnderTest> {
  const listener = Deno.listen({ hostname, port: 0 });
  const links = new Set<TlsStreams>();
  let isClosed = false;
  void (async () => {
    for await (const conn of listener) accept(conn, links);
  })();
  return {
    port: listener.addr.port,
    async close({ timeoutMs = 5_000 } = {}) {
      if (!isClosed) listener.close();
      isClosed = true;
      const over = Promise.allSettled([...links].map(({ closed }) => closed));
      const timer = setTimeout(
        () => links.forEach((each) => each.abort('the listener is closed')),
        timeoutMs,
      );
      await over;
      clearTimeout(timer);
    },
  };
}

function plainLink(conn: ConnLike): ByteStream {
  const { readable, writable } = connStreams(conn);
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  return {
    write: (bytes) => writer.write(bytes),
    read: async () => (await reader.read()).value as Uint8Array | undefined,
    end: () => writer.close(),
    destroy: () => {
      for (const given of [writer.abort(), reader.cancel()]) given.catch(() => {});
    },
  };
}

const underTest = {
  ...webTransport(identities, nobleProvider),
  network,
  unhandledRejections: () => unhandled,
  memoryBytes() {
    gc();
    return Deno.memoryUsage().heapUsed;
  },
};
console.log(JSON.stringify({ contract: await runContract(underTest, profile) }));

for (const [name, port] of Object.entries(servers)) {
  const streams = connStreams(await Deno.connect({ hostname, port }));
  const { roots } = identities;
  console.log(
    JSON.stringify({ [name]: await greet(secureClient(streams, { serverName: 'localhost', roots })) }),
  );
}

for (const word of ['STARTTLS', 'TLSSTART'] as const) {
  const streams = connStreams(await Deno.connect({ hostname, port: upgrading }));
  const upgraded = await upgrade(streams, word, (below, alreadyRead) =>
    word === 'STARTTLS'
      ? secureClient(below, { serverName: 'localhost', roots: identities.roots, alreadyRead })
      : secureServer(below, { ...identities.server, alreadyRead }),
  );
  console.log(JSON.stringify({ [word]: upgraded }));
}

const listener = Deno.listen({ hostname, port: 0 });
void (async () => {
  for await (const conn of listener) echo(connStreams(conn));
})();
const mail = Deno.listen({ hostname, port: 0 });
void (async () => {
  for await (const conn of mail) void echoAfterLines(connStreams(conn));
})();
console.log(JSON.stringify({ listening: listener.addr.port, mail: mail.addr.port }));
for await (const _ of Deno.stdin.readable);
Deno.exit(0);

function echo(streams: ByteStreams, alreadyRead: Uint8Array = new Uint8Array(0)): void {
  const { readable, writable } = secureServer(streams, { ...identities.server, alreadyRead });
  readable.pipeTo(writable).catch(() => {});
}

/** As much of SMTP (RFC 3207) as a client needs that asks for TLS. */
async function echoAfterLines(streams: ByteStreams): Promise<void> {
  await writeLine(streams, '220 localhost ESMTP');
  for (;;) {
    const { line, rest } = await readLine(streams);
    if (line === 'STARTTLS') {
      await writeLine(streams, '220 go ahead');
      echo(streams, rest);
      return;
    }
    await writeLine(streams, '250-localhost', '250 STARTTLS');
  }
}
