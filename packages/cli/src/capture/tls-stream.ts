import { ApiMisuseError, type CryptoProvider, InternalError } from '@sealwire/core';
import { handshakeTypes } from '@sealwire/core/codecs';
import { ja3, ja4 } from '@sealwire/core/fingerprint';
import {
  dissect,
  findPart,
  nameOfMessage,
  type OpenedRecord,
  openRecords,
  structuresOf,
} from '@sealwire/testkit/transcript';
import { isX509Error, parseCertificate } from '@sealwire/x509';
import { hexOf } from '../text/units.ts';
import { type CertificateReport, certificateReport } from '../tls/describe-certificate.ts';
import { suiteName, versionName } from '../tls/names.ts';
import type { TcpStream } from './streams.ts';

/** What a connection of a capture says, as far as it can be read. */
export interface StreamReport {
  readonly client: string;
  readonly server: string;
  readonly serverName: string | undefined;
  readonly version: string | undefined;
  readonly cipherSuite: string | undefined;
  readonly ja3: string | undefined;
  readonly ja4: string | undefined;
  readonly records: number;
  /** Records that were sealed and that the secrets open. */
  readonly opened: number;
  readonly missingBytes: number;
  readonly messages: readonly {
    readonly from: 'client' | 'server';
    readonly name: string;
    readonly bytes: number;
  }[];
  readonly certificates: readonly CertificateReport[];
  readonly problem: string | undefined;
}

export interface ReadStream {
  readonly report: StreamReport;
  readonly records: readonly OpenedRecord[];
}

/** `undefined` for a connection that does not begin with a handshake of TLS. */
export function readTls(
  stream: TcpStream,
  keyLog: readonly string[],
  provider: CryptoProvider,
): ReadStream | undefined {
  const isTls = (['client', 'server'] as const).some((from) => beginsTls(stream, from));
  if (!isTls) return undefined;
  const hello = helloOf(stream);
  // Secrets of other connections have the same labels.
  const random = hello === undefined ? '' : hexOf(hello.subarray(6, 38));
  const own = keyLog.filter((line) => line.split(' ')[1]?.toLowerCase() === random);
  const { records, problem } = opened(stream, own, provider);
  const messages = records.flatMap(({ from, messages }) => messages.map((raw) => ({ from, raw })));
  const serverHello = messages.find(
    ({ from, raw }) => from === 'server' && nameOfMessage(raw) === 'server_hello',
  )?.raw;
  const { client, server, missingBytes } = stream;
  const chosen = serverHello === undefined ? undefined : choiceOf(serverHello);
  return {
    records,
    report: {
      ...{ client, server, missingBytes },
      serverName: hello === undefined ? undefined : serverNameIn(hello),
      version: chosen?.version,
      cipherSuite: chosen?.cipherSuite,
      ja3: hello === undefined ? undefined : ja3(hello, provider.hashes.md5!)?.hash,
      ja4: hello === undefined ? undefined : ja4(hello, provider.hashes.sha256!)?.ja4,
      records: records.length,
      opened: records.filter(({ isProtected, content }) => isProtected && content !== undefined).length,
      messages: messages.map(({ from, raw }) => ({ from, name: nameOfMessage(raw), bytes: raw.length })),
      certificates: certificatesIn(records),
      problem,
    },
  };
}

function beginsTls({ pieces }: TcpStream, from: 'client' | 'server'): boolean {
  const first = pieces.find((piece) => piece.from === from)?.bytes;
  return first !== undefined && first.length >= 3 && first[0] === 22 && first[1] === 3;
}

/** A capture is what anybody has sent: whatever it is, it is at most a problem of this stream. */
function opened(
  stream: TcpStream,
  keyLog: readonly string[],
  provider: CryptoProvider,
): { readonly records: readonly OpenedRecord[]; readonly problem: string | undefined } {
  const wire = stream.pieces.map(({ from, bytes }) => ({ from, bytes, atMs: 0 }));
  const attempts: readonly (readonly string[])[] = keyLog.length > 0 ? [keyLog, []] : [[]];
  let problem: string | undefined;
  for (const lines of attempts) {
    try {
      return { records: openRecords({ wire, keyLog: lines }, provider), problem };
    } catch (error) {
      const isOurs =
        error instanceof ApiMisuseError || error instanceof InternalError || error instanceof TypeError;
      if (!isOurs && !(error instanceof RangeError)) throw error;
      problem = `cannot be read: ${error.message}`;
    }
  }
  return { records: [], problem };
}

/** The first ClientHello of the client, put together from its records. */
function helloOf({ pieces }: TcpStream): Uint8Array | undefined {
  const bytes = Buffer.concat(
    pieces
      .filter(({ from }) => from === 'client')
      .slice(0, 64)
      .map((piece) => piece.bytes),
  );
  return helloInRecords(bytes);
}

/** The handshake message in records without protection, if it is a ClientHello and whole. */
export function helloInRecords(bytes: Buffer): Uint8Array | undefined {
  const fragments: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === 22; ) {
    const length = bytes.readUInt16BE(at + 3);
    fragments.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return helloIn(Buffer.concat(fragments));
}

/** The ClientHello that these bytes begin with, header included. */
export function helloIn(bytes: Buffer): Uint8Array | undefined {
  if (bytes.length < 4 || bytes[0] !== handshakeTypes.client_hello) return undefined;
  const length = 4 + bytes.readUIntBE(1, 3);
  return bytes.length < length || length < 42 ? undefined : Uint8Array.from(bytes.subarray(0, length));
}

function serverNameIn(hello: Uint8Array): string | undefined {
  const name = findPart(dissect(hello), 'extensions.server_name.value[0].host_name');
  return name === undefined ? undefined : Buffer.from(name.content).toString('latin1');
}

function choiceOf(serverHello: Uint8Array): {
  readonly version: string;
  readonly cipherSuite: string | undefined;
} {
  const structures = structuresOf(serverHello);
  const suite = findPart(dissect(serverHello, structures), 'cipher_suite')?.content;
  const legacy = (serverHello[4]! << 8) | serverHello[5]!;
  return {
    version: structures.version === 'tls13' ? 'TLS 1.3' : versionName(legacy),
    cipherSuite: suite?.length === 2 ? suiteName((suite[0]! << 8) | suite[1]!) : undefined,
  };
}

/** Of the server's Certificate message; empty where it is sealed. */
function certificatesIn(records: readonly OpenedRecord[]): CertificateReport[] {
  for (const { from, messages, structures } of records) {
    for (const raw of from === 'server' ? messages : []) {
      if (nameOfMessage(raw) !== 'certificate') continue;
      const list = findPart(dissect(raw, structures), 'certificate_list');
      const entries =
        list?.parts.map((part) => findPart(part, `${part.path}.cert_data`)?.content ?? part.content) ?? [];
      return entries.flatMap((der) => {
        try {
          return certificateReport(parseCertificate(Uint8Array.from(der)));
        } catch (error) {
          if (isX509Error(error)) return [];
          throw error;
        }
      });
    }
  }
  return [];
}
