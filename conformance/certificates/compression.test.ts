import {
  type ClientOptions,
  compressionAlgorithms,
  type CryptoProvider,
  type ServerOptions,
} from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { describe, expect, it } from 'vitest';
import { clientCredential, serverCredential, pairOf, verifyPeerWithoutStaples } from '../ends.ts';

const { zlib, brotli, zstd } = compressionAlgorithms;

function handshake(clientOptions: Partial<ClientOptions>, serverOptions: Partial<ServerOptions>) {
  return pairOf(clientOptions, serverOptions).run();
}

describe('certificate compression (RFC 8879)', () => {
  const providers: readonly CryptoProvider[] = [nodeProvider, nobleProvider];
  const pairs = providers.flatMap((a) => providers.map((b) => [a, b] as const));

  it.each(pairs.map(([a, b]) => [a.name, b.name, a, b] as const))(
    'in both directions, %s with %s',
    (_a, _b, clientProvider, serverProvider) => {
      const certificateCompression = { accept: [zlib] };
      const both = handshake(
        { provider: clientProvider, credentials: [clientCredential], certificateCompression },
        { provider: serverProvider, clientAuthentication: 'require', certificateCompression },
      );
      const compressed = { ownCertificateCompression: zlib, peerCertificateCompression: zlib };
      expect(both.client.facts).toMatchObject({ handshakes: 1, ...compressed });
      expect(both.server.facts).toMatchObject({ handshakes: 1, ...compressed });
    },
  );

  it('is not asked for unless configured, and takes the first that we want of what is offered', () => {
    const chosen = (accept: number[] | undefined, send?: number[]) =>
      handshake(
        accept === undefined ? {} : { certificateCompression: { accept: accept as never } },
        send === undefined ? {} : { certificateCompression: { send: send as never } },
      ).client.facts;
    expect(chosen(undefined)).not.toHaveProperty('peerCertificateCompression');
    expect(chosen([zlib, brotli]).peerCertificateCompression).toBe(brotli);
    expect(chosen([zlib, brotli], [zlib, brotli]).peerCertificateCompression).toBe(zlib);
    expect(chosen([zlib, brotli], [])).toMatchObject({ handshakes: 1 });
    expect(chosen([zlib, brotli], [])).not.toHaveProperty('peerCertificateCompression');
    expect(chosen([brotli], [zlib])).not.toHaveProperty('peerCertificateCompression');
    if (nodeProvider.certificateCompression?.zstd !== undefined)
      expect(chosen([zstd]).peerCertificateCompression).toBe(zstd);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no memory');
      },
    ],
    [
      'throws what has no words',
      () => {
        throw Object.create(null);
      },
    ],
    ['gives nothing', () => undefined],
    ['gives no bytes', () => new Uint8Array(0)],
    ['gives text', () => 'compressed'],
    ['gives more than a message can carry', () => new Uint8Array(0x1000000)],
  ])('fails by what is its own when a codec of the application %s', (_, compress) => {
    const { decompress } = nodeProvider.certificateCompression!.zlib!;
    const codecs = new Map([[zlib, { decompress, compress: compress as never }]]);
    const { client, server } = handshake(
      { certificateCompression: { accept: [zlib] } },
      { certificateCompression: { send: [zlib], codecs } },
    );
    expect(server.failure).toMatchObject({
      error: { code: 'local.policyFailed' },
      alert: 'internal_error',
      sentBy: 'us',
    });
    expect(client.failure).toMatchObject({ error: { code: 'received.alert' }, alert: 'internal_error' });
  });

  it('compresses once for each credential and staple', () => {
    let compressions = 0;
    const real = nodeProvider.certificateCompression!.zlib!;
    const counted = {
      ...real,
      compress(bytes: Uint8Array) {
        compressions++;
        return real.compress!(bytes);
      },
    };
    const provider = { ...nodeProvider, certificateCompression: { zlib: counted } };
    const credential = { ...serverCredential };
    let ocspResponse = new Uint8Array([1, 2, 3]);
    const answers = { fetchStatus: () => ({ ok: true, ocspResponse }) as const };
    const run = (requestOcsp: boolean) => {
      const { facts } = handshake(
        {
          requestOcsp,
          certificateCompression: { accept: [zlib] },
          answers: { verifyPeer: verifyPeerWithoutStaples },
        },
        { provider, credentials: [credential], answers },
      ).client;
      expect(facts).toMatchObject({ handshakes: 1, peerCertificateCompression: zlib });
    };
    for (let i = 0; i < 3; i++) run(false);
    expect(compressions).toBe(1);
    for (let i = 0; i < 3; i++) run(true);
    expect(compressions).toBe(2);
    ocspResponse = new Uint8Array([4]);
    run(true);
    expect(compressions).toBe(3);
  });

  it('leaves a certificate as it is that compressing does not make smaller', () => {
    const provider = {
      ...nodeProvider,
      certificateCompression: {
        zlib: { ...nodeProvider.certificateCompression!.zlib!, compress: (bytes: Uint8Array) => bytes },
      },
    };
    const { facts } = handshake({ certificateCompression: { accept: [zlib] } }, { provider }).client;
    expect(facts).toMatchObject({ handshakes: 1 });
    expect(facts).not.toHaveProperty('peerCertificateCompression');
  });

  it('refuses at once what the provider cannot read or write', () => {
    const without = { ...nodeProvider, certificateCompression: {} };
    expect(() => pairOf({ provider: without, certificateCompression: { accept: [zlib] } }, {})).toThrow(
      'certificate compression 0x1 cannot be read by the provider node',
    );
    expect(() => pairOf({}, { provider: without, certificateCompression: { send: [zlib] } })).toThrow(
      'certificate compression 0x1 cannot be written by the provider node',
    );
    expect(() => pairOf({ certificateCompression: [zlib] as never }, {})).toThrow(
      'certificateCompression must be { accept?, send? }, got an object',
    );
    expect(() => pairOf({ certificateCompression: { accept: 'zlib' as never } }, {})).toThrow(
      'certificateCompression.accept must be an array, got "zlib"',
    );
  });
});
