import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as builtin from 'node:tls';
import { nodeProvider } from '@sealwire/crypto-node';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';
import { encodePem, makeTestPki } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import * as ours from '../../src/index.ts';
import { hostOpenssl } from '../../src/process/host.ts';

const provider = withMlDsa(nodeProvider);
const sides = { builtin, ours: ours as unknown as typeof builtin };
type Name = keyof typeof sides;

describe.each(['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] as const)('%s', (type) => {
  const { root, server } = makeTestPki({ provider, nowMs: Date.now(), keySpec: { type } });
  const identity = {
    cert: server.chain.map((each) => encodePem('CERTIFICATE', each)).join(''),
    key: encodePem('PRIVATE KEY', server.key.exportPkcs8()),
  };

  async function outcome(serves: Name, dials: Name): Promise<readonly unknown[]> {
    let made: builtin.Server;
    try {
      made = sides[serves].createServer(identity, (socket) => socket.end());
    } catch (error) {
      const { code, message, opensslErrorStack } = error as Error & Record<string, unknown>;
      return [code, message, opensslErrorStack];
    }
    made.listen(0, '127.0.0.1');
    await once(made, 'listening');
    const { port } = made.address() as AddressInfo;
    const ca = encodePem('CERTIFICATE', root.certificate);
    const socket = sides[dials].connect({ port, host: '127.0.0.1', servername: 'localhost', ca });
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerCertificate();
    socket.destroy();
    made.close();
    return [socket.authorized, socket.getProtocol(), Object.entries(certificate)];
  }

  it.each(['DEFAULT', 'DEFAULT:@SECLEVEL=0'])(
    'is no key that can be read in another certificate: %s',
    (ciphers) => {
      // Its last byte says which of the three it is; 127 is none.
      const oid = Buffer.from('608648016503040312', 'hex').subarray(0, -1);
      const der = Buffer.from(server.chain[0]!);
      for (let at = der.indexOf(oid); at >= 0; at = der.indexOf(oid, at + 1)) der[at + oid.length] = 127;
      const cert = encodePem('CERTIFICATE', der);
      const refusal = (side: Name) => {
        try {
          sides[side].createSecureContext({ cert, ciphers });
        } catch (error) {
          const { code, message, opensslErrorStack } = error as Error & Record<string, unknown>;
          return [code, message, opensslErrorStack];
        }
        return 'taken';
      };
      expect(refusal('builtin')).toHaveLength(3);
      expect(refusal('ours')).toEqual(refusal('builtin'));
    },
  );

  it('ends as with the builtin, whoever serves and whoever dials', async () => {
    const expected = await outcome('builtin', 'builtin');
    expect(expected[0]).toEqual(hostOpenssl() === '3.0' ? expect.any(String) : true);
    expect(await outcome('ours', 'builtin')).toEqual(expected);
    expect(await outcome('builtin', 'ours')).toEqual(expected);
    expect(await outcome('ours', 'ours')).toEqual(expected);
  });
});
