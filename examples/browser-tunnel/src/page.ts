/**
 * What runs in the page, and anywhere else where there are WebSockets: an HTTPS request over TLS of our own, with cryptography in pure
 * JavaScript. Nothing in here touches a document.
 */
import { registryName, suites13 } from '@sealwire/core';
import { secureClient, type WebSocketLike, webSocketStreams } from '@sealwire/web-transport';

export interface Question {
  /** The name that the certificate of the server must carry. */
  readonly serverName: string;
  /** Who may have issued it, as PEM. What the browser trusts, a page cannot read. */
  readonly roots: string;
  readonly text: string;
}

export interface Answer {
  readonly cipherSuite: string;
  readonly status: string;
  readonly text: string;
}

/** Says a text to the server at the other end of the tunnel. Rejects if that is not who it should be. */
export async function ask(socket: WebSocketLike, { serverName, roots, text }: Question): Promise<Answer> {
  const connection = secureClient(webSocketStreams(socket), {
    serverName,
    roots,
    alpnProtocols: ['http/1.1'],
  });
  const { cipherSuite } = await connection.opened;
  const body = new TextEncoder().encode(text);
  const head = [
    'POST / HTTP/1.1',
    `host: ${serverName}`,
    `content-length: ${body.length}`,
    'connection: close',
  ];
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(`${head.join('\r\n')}\r\n\r\n`));
  await writer.write(body);
  const response = await new Response(connection.readable).text();
  // The server has said all, and may be gone with its tunnel: nobody waits for our end.
  writer.close().catch(() => {});
  const border = response.indexOf('\r\n\r\n');
  return {
    cipherSuite: registryName(suites13, cipherSuite ?? 0),
    status: response.slice(0, response.indexOf('\r\n')),
    text: response.slice(border + 4),
  };
}
