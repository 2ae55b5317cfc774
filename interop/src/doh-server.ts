import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What is known of one name: that it is this machine, and which ECHConfigList it publishes (RFC 9848). */
export interface KnownName {
  readonly name: string;
  /** Absent: it has no HTTPS record. */
  readonly echConfigList?: Uint8Array;
}

/** A DNS server over HTTPS (RFC 8484) on the loopback address, for browsers that take nothing else; knows one name. */
export async function startDohServer(
  tls: { readonly cert: string; readonly key: string },
  known: KnownName,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(tls, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const inQuery = new URL(request.url ?? '/', 'https://localhost').searchParams.get('dns');
      const query = inQuery === null ? Buffer.concat(parts) : Buffer.from(inQuery, 'base64url');
      response.setHeader('content-type', 'application/dns-message');
      response.end(answerTo(query, known));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `https://localhost:${(server.address() as AddressInfo).port}/dns-query` };
}

/** The answer to a query with one question (RFC 1035 §4): an address, an HTTPS record, or nothing. */
function answerTo(query: Buffer, known: KnownName): Buffer {
  const labels: string[] = [];
  let at = headerBytes;
  for (; query[at] !== 0; at += 1 + query[at]!)
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
  const type = query.readUInt16BE(at + 1);
  const question = query.subarray(headerBytes, at + 5);
  // RFC 9460 §9.1: for a port other than 443 the name begins with that port.
  const name = labels.join('.').replace(/^_\d+\._https\./, '');
  const data = name === known.name ? recordData(type, known) : undefined;
  const header = Buffer.from(query.subarray(0, headerBytes));
  header.writeUInt16BE(name === known.name ? 0x8180 : 0x8183, 2);
  for (const [i, count] of [1, data === undefined ? 0 : 1, 0, 0].entries())
    header.writeUInt16BE(count, 4 + 2 * i);
  if (data === undefined) return Buffer.concat([header, question]);
  const ownerAndTimes = Buffer.from([0xc0, headerBytes, 0, type, 0, 1, 0, 0, 0, 60]);
  return Buffer.concat([header, question, ownerAndTimes, ...prefixed(data)]);
}

function recordData(type: number, { name, echConfigList }: KnownName): Buffer | undefined {
  if (type === 1) return Buffer.from([127, 0, 0, 1]);
  if (type !== 65 || echConfigList === undefined) return undefined;
  // RFC 9460 §2.2: priority, target, then the parameters alpn (1) and ech (5).
  const target = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const alpn = Buffer.from('\x08http/1.1');
  const parameters = [
    ...[Buffer.from([0, 1]), ...prefixed(alpn)],
    ...[Buffer.from([0, 5]), ...prefixed(echConfigList)],
  ];
  return Buffer.concat([Buffer.from([0, 1, ...target, 0]), ...parameters]);
}

function prefixed(data: Uint8Array): [Uint8Array, Uint8Array] {
  return [Buffer.from([data.length >> 8, data.length & 0xff]), data];
}

const headerBytes = 12;
