import { gcm } from '@noble/ciphers/aes.js';
import { clientConfig, type CryptoProvider, createClient, createServer, serverConfig } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { createVerifier, encodePem, loadCredential, makeTestPki } from '@sealwire/x509';
import forge from 'node-forge';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { carry } from './carry.ts';
import { identity, modern, sharedOf } from './stacks/flavour.ts';

/** Something that seals 16 KiB and opens it again, without sockets. */
export interface Sealer {
  readonly name: string;
  prepare(): Promise<() => void>;
}

export const rawNoble: Sealer = {
  name: 'AES-128-GCM of @noble/ciphers',
  async prepare() {
    return () => {
      const [aad, nonce] = [key.subarray(0, 5), key.subarray(0, 12)];
      const opened = gcm(key, nonce, aad).decrypt(gcm(key, nonce, aad).encrypt(content));
      require(opened.length);
    };
  },
};

export const rawNode: Sealer = {
  name: 'AES-128-GCM of node:crypto',
  async prepare() {
    return () => {
      const [aad, nonce] = [key.subarray(0, 5), key.subarray(0, 12)];
      const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(aad);
      const sealed = cipher.update(content);
      cipher.final();
      const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAAD(aad);
      decipher.setAuthTag(cipher.getAuthTag());
      require(decipher.update(sealed).length);
      decipher.final();
    };
  },
};

export const coreWithNoble = coreWith('sealwire, core with crypto-noble', nobleProvider);
export const coreWithNode = coreWith('sealwire, core with crypto-node', nodeProvider);

export const forgeAead: Sealer = {
  name: 'AES-128-GCM of node-forge',
  async prepare() {
    const [forgeKey, text] = [latin1(key), latin1(content)];
    const options = {
      iv: latin1(key.subarray(0, 12)),
      additionalData: latin1(key.subarray(0, 5)),
      tagLength: 128,
    };
    return () => {
      const cipher = forge.cipher.createCipher('AES-GCM', forgeKey);
      cipher.start(options);
      cipher.update(forge.util.createBuffer(text));
      cipher.finish();
      const decipher = forge.cipher.createDecipher('AES-GCM', forgeKey);
      decipher.start({ ...options, tag: cipher.mode.tag });
      decipher.update(cipher.output);
      if (!decipher.finish()) throw new Error('node-forge refuses its own record');
      require(decipher.output.length());
    };
  },
};

/** The best that it has: TLS 1.1 with AES-128-CBC and HMAC-SHA1. */
export const forgeTls: Sealer = {
  name: 'TLS 1.1 of node-forge',
  async prepare() {
    const { root, server } = makeTestPki({
      provider: nodeProvider,
      nowMs: Date.now(),
      keySpec: { type: 'rsa', bits: 2048 },
    });
    const chain = server.chain.map((der) => encodePem('CERTIFICATE', der));
    const privateKey = encodePem('PRIVATE KEY', server.key.exportPkcs8());
    let received = 0;
    let connected = 0;
    const shared = {
      cipherSuites: [forge.tls.CipherSuites['TLS_RSA_WITH_AES_128_CBC_SHA']!],
      connected: () => void connected++,
      closed: () => {},
      error: (_: unknown, error: Error) => {
        throw new Error(error.message);
      },
      dataReady: (end: forge.tls.Connection) => (received += end.data.getBytes().length),
    };
    const client: forge.tls.Connection = forge.tls.createConnection({
      ...shared,
      caStore: [forge.pki.certificateFromPem(encodePem('CERTIFICATE', root.certificate))],
      virtualHost: 'localhost',
      verify: (_connection, verified) => verified,
      tlsDataReady: (end) => void serving.process(end.tlsData.getBytes()),
    });
    const serving: forge.tls.Connection = forge.tls.createConnection({
      ...shared,
      server: true,
      getCertificate: () => chain,
      getPrivateKey: () => privateKey,
      tlsDataReady: (end) => void client.process(end.tlsData.getBytes()),
    });
    client.handshake();
    if (connected !== 2) throw new Error('node-forge does not complete its handshake');
    const text = latin1(content);
    return () => {
      received = 0;
      client.prepare(text);
      require(received);
    };
  },
};

function coreWith(name: string, provider: CryptoProvider): Sealer {
  return {
    name,
    async prepare() {
      const { chain, key: privateKey, root } = identity;
      const shared = { ...sharedOf(modern), provider };
      const verifyPeer = createVerifier({ provider, roots: root });
      const client = createClient(
        clientConfig({ ...shared, serverName: 'localhost', answers: { verifyPeer } }),
      );
      const credentials = [loadCredential({ provider, chain, key: privateKey })];
      const server = createServer(serverConfig({ ...shared, credentials }));
      client.start(Date.now());
      server.start(Date.now());
      while (carry(client, server).bytes + carry(server, client).bytes > 0);
      return () => {
        client.send(content);
        carry(client, server);
        require(carry(server, client).data);
      };
    },
  };
}

function require(bytes: number): void {
  if (bytes !== content.length) throw new Error(`expected ${content.length} bytes, got ${bytes}`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

const content = new Uint8Array(16_384).fill(0x61);
const key = new Uint8Array(16).fill(7);
