import type { TlsStream } from '@sealwire/node-transport';

/** What a connection has received, as text that can be waited for. */
export class Inbox {
  text = '';
  /** Settles when the peer has closed its side; rejects when it was cut. */
  readonly ended: Promise<void>;
  #wake = (): void => {};

  constructor(connection: TlsStream) {
    connection.on('data', (chunk: Uint8Array) => {
      this.text += Buffer.from(chunk).toString('latin1');
      this.#wake();
    });
    this.ended = new Promise((resolve, reject) => connection.once('end', resolve).once('error', reject));
    this.ended.catch(() => {});
  }

  async receives(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      await Promise.race([
        new Promise<void>((resolve) => (this.#wake = resolve)),
        this.ended.then(missing(text)),
      ]);
    }
  }
}

function missing(text: string): () => never {
  return () => {
    throw new Error(`the peer ended without sending ${JSON.stringify(text)}`);
  };
}
