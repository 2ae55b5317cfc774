import { type ByteStream, ByteWire } from './byte-wire.ts';
import { handshake } from './transport-ends.ts';
import type { EndOptions, TransportUnderTest } from './transport-under-test.ts';
import { settled } from './waiting.ts';

/** Makes connections to a server that serves each of them in the same way. */
export type Connect = (options?: EndOptions) => Promise<ByteStream>;

/**
 * Runs with a server that any number of clients can connect to: over the network, or where there is none in memory. What
 * `serve` throws fails the case; a handshake that fails does not.
 */
export async function withService(
  transport: TransportUnderTest,
  serve: (link: ByteStream) => Promise<void>,
  run: (connect: Connect) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const served = (link: ByteStream) => {
    serve(link)
      .catch((error) => failures.push(error))
      .finally(() => link.destroy());
  };
  const { network } = transport;
  if (network === undefined) {
    await run((client = {}) => {
      const opening = handshake(transport, new ByteWire(), {
        client: { ...patient, ...client },
        server: patient,
      });
      opening.server.then(served, () => {});
      return opening.client;
    });
  } else {
    const listener = await settled(
      network.listen(patient, { connection: served, failure: () => {} }),
      'listening',
    );
    try {
      await run((client = {}) => network.connect(listener.port, { ...patient, ...client }));
    } finally {
      await settled(listener.close(), 'closing the listener');
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Of hundreds of handshakes at once in one process each takes as long as all of them. */
const patient = { handshakeTimeoutMs: 3_600_000 };

/** Sends back what comes, until its end. */
export async function echo(link: ByteStream): Promise<void> {
  for (;;) {
    const chunk = await link.read();
    if (chunk === undefined) return link.end();
    await link.write(chunk);
  }
}
