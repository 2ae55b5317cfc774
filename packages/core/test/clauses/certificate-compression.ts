import { expect } from 'vitest';
import type { CertificateCompressionOptions } from '../../src/config/certificate-compression.ts';
import { compressCertificateExtension } from '../../src/extensions/compress-certificate.ts';
import { extension } from '../../src/extensions/definition.ts';
import { defaultLimits } from '../../src/limits.ts';
import { certificate as certificateCodec, type Certificate } from '../../src/messages/certificate.ts';
import type { CompressedCertificate } from '../../src/messages/compressed-certificate.ts';
import { encodeHandshake } from '../../src/messages/envelope.ts';
import {
  compressionAlgorithms,
  type CertificateCompressionAlgorithm,
} from '../../src/registry/compression-algorithms.ts';
import { extensionTypes } from '../../src/registry/extension-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { encode } from '../../src/wire/codec.ts';
import { testProvider } from '../harness/node-provider.ts';
import { withExtension, type Change, type Peer } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, type Victim } from './clause.ts';

const { zlib, brotli } = compressionAlgorithms;
const accepting = { certificateCompression: { accept: [zlib] } };
const codec = testProvider.certificateCompression!.zlib!;

/** The Certificate of either side in another form, to a victim that offers to read zlib. */
function certificate(
  victim: Victim,
  change: Change<Certificate>,
  options: { readonly certificateCompression: CertificateCompressionOptions } = accepting,
): Peer {
  return victim === 'client'
    ? scriptedServer(options).before('certificate').certificate(change)
    : scriptedClient({ clientAuthentication: 'request', ...options })
        .before('certificate')
        .certificate(change);
}

function compressed(change: (message: CompressedCertificate) => Partial<CompressedCertificate> = () => ({})) {
  return (message: Certificate): CompressedCertificate => {
    const own = compressedBody(encode(certificateCodec, message));
    return { ...own, ...change(own) };
  };
}

function compressedBody(body: Uint8Array): CompressedCertificate {
  return {
    type: 'compressed_certificate',
    algorithm: zlib,
    uncompressedLength: body.length,
    compressedCertificateMessage: codec.compress!(body),
  };
}

/** To the end of the handshake, and what is known then. */
function finished(peer: Peer): Peer {
  const end = peer as ReturnType<typeof scriptedServer>;
  end.certificateVerify().finished();
  expect(peer.victim.facts).toMatchObject({ handshakes: 1, peerCertificateCompression: zlib });
  expect(peer.victim.facts.peerEvidence).toBeDefined();
  return peer;
}

clause('RFC 8879 §4: a compressed certificate', (victim) => finished(certificate(victim, compressed())));
clause('RFC 8879 §4: a compressed certificate that nobody asked for', (victim) =>
  certificate(victim, compressed(), { certificateCompression: { accept: [] } }),
);
clause(
  'RFC 8879 §4: an algorithm that was not offered',
  ...[brotli, 0, 0x0a0a as CertificateCompressionAlgorithm].map(
    (algorithm) => (victim: Victim) =>
      certificate(
        victim,
        compressed(() => ({ algorithm: algorithm as CertificateCompressionAlgorithm })),
      ),
  ),
);
clause(
  'RFC 8879 §4: an uncompressed_length that is not the length',
  ...[-1, 1, 1_000].map(
    (by) => (victim: Victim) =>
      certificate(
        victim,
        compressed(({ uncompressedLength }) => ({ uncompressedLength: uncompressedLength + by })),
      ),
  ),
  (victim) =>
    certificate(
      victim,
      compressed(() => ({ uncompressedLength: 0 })),
    ),
);
clause(
  'RFC 8879 §4: bytes that are no stream of the algorithm',
  (victim) =>
    certificate(
      victim,
      compressed(() => ({ compressedCertificateMessage: bytes(1, 2, 3) })),
    ),
  (victim) =>
    certificate(
      victim,
      compressed(({ compressedCertificateMessage: all }) => ({
        compressedCertificateMessage: all.subarray(0, all.length - 1),
      })),
    ),
  // The checksum of zlib.
  (victim) =>
    certificate(
      victim,
      compressed(({ compressedCertificateMessage: all }) => ({
        compressedCertificateMessage: all.map((byte, i) => (i === all.length - 1 ? byte ^ 1 : byte)),
      })),
    ),
);
clause(
  'RFC 8879 §4: bytes that a codec of the application does not read',
  ...[
    () => {
      throw new Error('not ours');
    },
    () => {
      throw Object.create(null);
    },
    () => undefined,
    (_: Uint8Array, length: number) => new Uint8Array(length + 1),
    (_: Uint8Array, length: number) => 'a'.repeat(length),
    (_: Uint8Array, length: number) => ({ length }),
    async (_: Uint8Array, length: number) => new Uint8Array(length),
  ].map((decompress) => (victim: Victim) => {
    const codecs = new Map([[zlib, { decompress: decompress as typeof codec.decompress }]]);
    return certificate(victim, compressed(), { certificateCompression: { accept: [zlib], codecs } });
  }),
);
clause('RFC 8879 §4: a compressed certificate of no bytes', (victim) =>
  certificate(victim, () =>
    encodeHandshake(handshakeTypes.compressed_certificate, bytes(0, 1, 0, 0, 9, 0, 0, 0)),
  ),
);
clause(
  'RFC 8879 §4: a Certificate that is malformed once it is uncompressed',
  (victim) => certificate(victim, () => compressedBody(bytes())),
  (victim) => certificate(victim, () => compressedBody(bytes(0))),
  (victim) =>
    certificate(victim, (message) => compressedBody(bytes(...encode(certificateCodec, message), 0))),
);
clause('RFC 8879 §4: an empty Certificate, compressed', () =>
  certificate('client', (message) => compressed()({ ...message, certificateList: [] })),
);
clause('RFC 8879 §4: no certificate of a client, compressed', () => {
  const client = certificate('server', (message) => compressed()({ ...message, certificateList: [] }));
  return (client as ReturnType<typeof scriptedClient>).finished();
});
clause(
  'RFC 8879 §4: a compressed certificate for another one',
  (victim) => {
    const peer = certificate(victim, (message) => message);
    return (peer as ReturnType<typeof scriptedServer>).certificate(compressed());
  },
  (victim) => {
    const peer = certificate(victim, compressed());
    return (peer as ReturnType<typeof scriptedServer>).certificate();
  },
);

// -------------------------------------------------------------------------------------------- §3 and §5

clause('RFC 8879 §3: a compress_certificate in the answer', () =>
  scriptedServer(accepting)
    .before('encryptedExtensions')
    .encryptedExtensions((message) =>
      withExtension(message, extension('CH', compressCertificateExtension, [zlib])),
    ),
);
clause('RFC 8879 §3: a list of algorithms without entries', () =>
  scriptedClient().clientHello((hello) =>
    withExtension(hello, { type: extensionTypes.compress_certificate, data: bytes(0) }),
  ),
);
clause('RFC 8879 §3: algorithms that nobody knows', () => {
  const offer = extension(
    'CH',
    compressCertificateExtension,
    [0x0a0a, 9].map((each) => each as never),
  );
  const client = scriptedClient()
    .clientHello((hello) => withExtension(hello, offer))
    .finished();
  expect(client.victim.facts.ownCertificateCompression).toBeUndefined();
  return client;
});

const limited = (certificateMessageBytes: number) => ({
  ...accepting,
  limits: { ...defaultLimits, certificateMessageBytes },
});

clause(
  'RFC 8879 §5: a compressed certificate that announces more than the limit',
  (victim) =>
    certificate(
      victim,
      compressed(() => ({ uncompressedLength: defaultLimits.certificateMessageBytes + 1 })),
    ),
  (victim) =>
    certificate(
      victim,
      compressed(() => ({ uncompressedLength: 0xff_ffff })),
    ),
);
clause('RFC 8879 §5: a compressed certificate at the limit', (victim) => {
  let body = 0;
  certificate(victim, (message) => {
    body = encode(certificateCodec, message).length;
    return message;
  });
  return finished(certificate(victim, compressed(), limited(body)));
});
clause('RFC 8879 §5: a compressed certificate that expands to more than it announces', (victim) =>
  certificate(victim, () => ({
    ...compressedBody(new Uint8Array(50_000_000)),
    uncompressedLength: defaultLimits.certificateMessageBytes,
  })),
);

clause('RFC 8879 §3: an algorithm twice', (victim) => {
  const twice = { type: extensionTypes.compress_certificate, data: bytes(4, 0, 1, 0, 1) };
  return victim === 'client'
    ? scriptedServer({ credentials: [] })
        .before('certificate')
        .certificateRequest((message) => withExtension(message, twice))
    : scriptedClient().clientHello((message) => withExtension(message, twice));
});
