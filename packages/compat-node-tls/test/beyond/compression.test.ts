import { once } from 'node:events';
import { expect, it } from 'vitest';
import { compressionAlgorithms } from '@sealwire/core';
import { accepted, builtin, ca, client, dial, dialBuiltin, serve, serveBuiltin } from './stage.ts';

/** What both sides say of how certificates came. */
async function compressed(server: readonly string[] | undefined, wanted: readonly string[] | undefined) {
  const options = (certificateCompression: readonly string[] | undefined) =>
    certificateCompression === undefined ? {} : { sealwire: { certificateCompression } };
  const made = await serve({ ca, requestCert: true, ...options(server) });
  const there = accepted(made.server);
  const here = dial(made.port, { ...client, ...options(wanted) });
  await once(here, 'secureConnect');
  const { facts } = (await there).sealwire;
  expect((await there).authorized).toBe(true);
  return [here.sealwire.facts.peerCertificateCompression, facts.peerCertificateCompression];
}

it('is agreed on in both directions, each in the order of whoever sends', async () => {
  const { zlib, brotli } = compressionAlgorithms;
  expect(await compressed(['zlib', 'brotli'], ['brotli', 'zlib'])).toEqual([zlib, brotli]);
  expect(await compressed(['zlib'], ['brotli', 'zlib'])).toEqual([zlib, zlib]);
  expect(await compressed(['zlib'], ['brotli'])).toEqual([undefined, undefined]);
  expect(await compressed(undefined, ['brotli'])).toEqual([undefined, undefined]);
  // A client sends its own as it is wanted.
  expect(await compressed(['brotli'], undefined)).toEqual([undefined, brotli]);
});

it('harms nobody who does not know it', async () => {
  const sealwire = { certificateCompression: ['brotli', 'zlib'] };
  const ours = await serve({ sealwire });
  await once(dialBuiltin(ours.port), 'secureConnect');
  const theirs = await serveBuiltin({ ca, requestCert: true });
  const peer = accepted(theirs.server);
  dial(theirs.port, { ...client, sealwire });
  expect((await peer).authorized).toBe(true);
});

const isInBuiltin = 'getCertificateCompressionAlgorithms' in builtin;
if (!isInBuiltin)
  console.log(
    `skipped: compressed certificates beside the builtin, of which Node ${process.version} has none`,
  );

it.skipIf(!isInBuiltin).each(['zlib', 'brotli', 'zstd'] as const)(
  'is agreed on with the builtin: %s',
  async (name) => {
    const options = { certificateCompression: [name] } as object;
    const number = compressionAlgorithms[name];
    const ours = await serve({ ca, requestCert: true, ...options });
    const there = accepted(ours.server);
    await once(dialBuiltin(ours.port, { ...client, ...options }), 'secureConnect');
    const { ownCertificateCompression, peerCertificateCompression } = (await there).sealwire.facts;
    expect([ownCertificateCompression, peerCertificateCompression]).toEqual([number, number]);
    const theirs = await serveBuiltin({ ca, requestCert: true, ...options });
    const peer = accepted(theirs.server);
    const { sealwire } = dial(theirs.port, { ...client, ...options });
    expect((await peer).authorized).toBe(true);
    const { facts } = sealwire;
    expect([facts.ownCertificateCompression, facts.peerCertificateCompression]).toEqual([number, number]);
  },
);
