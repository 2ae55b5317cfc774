import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { encodePem, makeTestPki } from '@sealwire/x509';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import type { Host } from '../src/host.ts';
import { main } from '../src/main.ts';
import { schemaProblems } from './schema.ts';

export interface RunOptions {
  /** Standard input: all of it, or a stream. Default: empty. */
  readonly input?: string | Uint8Array | Readable;
  readonly env?: Host['env'];
  readonly signal?: AbortSignal;
  /** Hears standard output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Hears standard error as it comes. */
  readonly onMessages?: (text: string) => void;
  /** Whether somebody types the input and looks at the output. */
  readonly terminal?: boolean;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
}

/** The program in this process, with streams of its own. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const {
    input = '',
    env = {},
    signal = new AbortController().signal,
    onOutput,
    onMessages,
    terminal = false,
  } = options;
  const [stdout, stderr] = [new Sink(terminal, onOutput), new Sink(terminal, onMessages)];
  const stdin =
    input instanceof Readable ? input : Readable.from(input.length === 0 ? [] : [Buffer.from(input)]);
  if (terminal) Object.assign(stdin, { isTTY: true });
  const code = await main(args, { stdin, stdout: stdout.stream, stderr: stderr.stream, env, signal });
  // Every document that any test makes the program print is held to the schema.
  const problems = schemaProblems(stdout.text);
  if (problems.length > 0) throw new Error(`against report.schema.json:\n${problems.join('\n')}`);
  return { code, stdout: stdout.text, stdoutBytes: stdout.bytes, stderr: stderr.text };
}

class Sink {
  readonly stream = new PassThrough();
  readonly #chunks: Buffer[] = [];

  constructor(isTTY: boolean, listener?: (text: string) => void) {
    if (isTTY) Object.assign(this.stream, { isTTY: true });
    this.stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      listener?.(chunk.toString('utf8'));
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }
}

/** A directory that is gone when the process ends. */
export const scratch = mkdtempSync(join(tmpdir(), 'sealwire-cli-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

let files = 0;

/** A path for a new file, with these contents if there are some. */
export function file(contents?: string | Uint8Array): string {
  const path = join(scratch, `file-${files++}`);
  if (contents !== undefined) writeFileSync(path, contents);
  return path;
}

const made = makeTestPki({ provider, nowMs: Date.now() });
const pem = (ders: readonly Uint8Array[]) => ders.map((der) => encodePem('CERTIFICATE', der)).join('');
const keyPem = (key: typeof made.server.key) => encodePem('PRIVATE KEY', key.exportPkcs8());

/** A server for localhost and a client, certified by one private CA, in memory and as files. */
export const pki = {
  made,
  root: pem([made.root.certificate]),
  server: { certificate: pem(made.server.chain), privateKey: keyPem(made.server.key) },
  client: { certificate: pem(made.client.chain), privateKey: keyPem(made.client.key) },
};

export const paths = {
  root: file(pki.root),
  serverCert: file(pki.server.certificate),
  serverKey: file(pki.server.privateKey),
  clientCert: file(pki.client.certificate),
  clientKey: file(pki.client.privateKey),
};
