import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** An error of `node:tls`, as far as it is compared. */
export interface Complaint {
  readonly code: string;
  readonly library?: string;
  readonly reason?: string;
  readonly message: string;
}

export interface Opening {
  readonly side: 'client' | 'server';
  /** Of `tls.connect` or `tls.createServer`. */
  readonly options: object;
  readonly psk?: { readonly identity: string; readonly key: Uint8Array } | undefined;
}

/** Builtin `node:tls` behind those methods of core's `Connection` that the scripted peers of its tests call. */
export class BuiltinVictim {
  readonly side: 'client' | 'server';
  readonly facts = {};
  complaint: Complaint | undefined;
  isSecure = false;
  readonly #opening: Opening;
  readonly #outputs: unknown[] = [];

  constructor(opening: Opening) {
    this.side = opening.side;
    this.#opening = opening;
  }

  start(): void {
    this.#call({ do: 'open', ...this.#opening });
  }

  /** Some scripts go on until their victim fails, which this one does not always do. */
  #patience = 200;

  receive(bytes: Uint8Array): void {
    if (this.#patience-- === 0) throw new Error('node:tls takes all of it');
    this.#call({ do: 'receive', bytes: Uint8Array.from(bytes) });
  }

  receiveEnd(): void {
    this.#call({ do: 'end' });
  }

  poll(): unknown {
    return this.#outputs.shift();
  }

  #call(call: object): void {
    const { sent, isSecure, complaint } = ask(call);
    for (const bytes of sent) this.#outputs.push({ type: 'transmit', pieces: [bytes] });
    this.isSecure ||= isSecure;
    if (complaint === undefined || this.complaint !== undefined) return;
    this.complaint = complaint;
    this.#outputs.push({ type: 'failed', error: complaint });
  }
}

interface Answer {
  readonly id: number;
  readonly sent: readonly Uint8Array[];
  readonly isSecure: boolean;
  readonly complaint: Complaint | undefined;
}

let calls = 0;
let end: ReturnType<typeof openEnd> | undefined;

function ask(call: object): Answer {
  end ??= openEnd();
  const id = ++calls;
  end.postMessage({ ...call, id });
  for (let naps = 0; naps < 100_000; naps++) {
    const got = receiveMessageOnPort(end) as { message: Answer } | undefined;
    if (got?.message.id === id) return got.message;
    Atomics.wait(idle, 0, 0, 1);
  }
  throw new Error('the thread of node:tls has died');
}

function openEnd() {
  const { port1, port2 } = new MessageChannel();
  new Worker(new URL('./builtin-end.mjs', import.meta.url), {
    workerData: { port: port2 },
    transferList: [port2],
  }).unref();
  port1.unref();
  return port1;
}

/** Nobody wakes it: a way to sleep. */
const idle = new Int32Array(new SharedArrayBuffer(4));
