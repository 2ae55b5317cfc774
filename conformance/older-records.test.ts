import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import { keyBlock, keySizes } from '../packages/core/dist/tls12/key-schedule.js';
import { prf } from '../packages/core/dist/tls12/prf.js';
import { profileOf } from '../packages/core/dist/tls12/profile.js';
import { recordProtection } from '../packages/core/dist/tls12/record-protection.js';
import { isSupported12, suite12, tls12Suites } from '../packages/core/dist/tls12/suites.js';
import { bytes, handshakeOf } from '../packages/core/test/harness/recorded-connection.ts';
import { recordedConnections } from '../packages/core/test/vectors/tls12-connections.ts';

/** Record protection of TLS 1.2 and older with the providers that there are; core tests it with one of its own. */
describe.each([nodeProvider, nobleProvider])('with crypto-$name', (provider) => {
  it('every suite is supported', () => {
    expect(tls12Suites.filter((suite) => !isSupported12(suite, provider)).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it.each(recordedConnections)('records of others open: $name', (connection) => {
    const { version, suite: id, clientRandom, serverRandom, protectedRecords } = handshakeOf(connection);
    const profile = profileOf(version);
    const suite = suite12(id)!;
    const own = prf(profile, suite, provider);
    const sizes = keySizes(profile, suite, provider);
    const keys = keyBlock(own, sizes, bytes(connection.mainSecret), clientRandom, serverRandom);
    const { encryptThenMac } = connection;
    for (const side of ['client', 'server'] as const) {
      const protection = () =>
        recordProtection({ profile, suite, provider, encryptThenMac, entropy: provider }, keys[side]);
      const [reading, writing, reader] = [protection(), protection(), protection()];
      protectedRecords[side].forEach((record, sequence) => {
        const opened = reading.tryOpen(record, sequence);
        expect(opened).toBeDefined();
        const { type, content } = opened!;
        const sealed = writing.seal(type, [content.subarray(0, 3), content.subarray(3)], 0, sequence);
        expect(reader.tryOpen(new Uint8Array(sealed.flatMap((piece) => [...piece])), sequence)).toEqual(
          opened,
        );
        const changed = Uint8Array.from(record);
        changed[changed.length - 1]! ^= 1;
        expect(protection().tryOpen(changed, sequence)).toBeUndefined();
      });
    }
  });
});
