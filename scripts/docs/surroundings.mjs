/**
 * What snippets of the documentation find around them when they run: files of a small PKI in their folder (root.pem, server.pem,
 * server.key, client.pem, client.key), values for what they `declare`, by its name, and, where their fence says `with=server`, an echoing
 * server where they look for one on port 8443, which sends tickets and takes 0-RTT data.
 */
import { createServer as serverOfCore } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { createServer } from '@sealwire/node-transport';
import { encodePem, loadCredential, makeTestPki } from '@sealwire/x509';

/** Names that a snippet may declare. */
export const declarable = [
  'provider',
  'credential',
  'roots',
  'identity',
  'guests',
  'members',
  'redis',
  'link',
];

/** @returns {Record<string, string>} contents by name of file; made once for all snippets */
export function pkiFiles() {
  const pki = makeTestPki({ provider, nowMs: Date.now(), dnsNames: ['localhost', 'device.example'] });
  /** @param {Uint8Array[]} chain */
  const pem = (chain) => chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  return {
    'root.pem': pem([pki.root.certificate]),
    'server.pem': pem(pki.server.chain),
    'server.key': encodePem('PRIVATE KEY', pki.server.key.exportPkcs8()),
    'client.pem': pem(pki.client.chain),
    'client.key': encodePem('PRIVATE KEY', pki.client.key.exportPkcs8()),
  };
}

/**
 * @param {Record<string, string>} files as `pkiFiles` made them
 * @param {string[]} names what the snippet declares
 */
export function provide(files, names) {
  const { 'root.pem': ca = '', 'server.pem': cert = '', 'server.key': key = '' } = files;
  /** @type {Map<string, number>} */
  const seen = new Map();
  const values = {
    provider: () => provider,
    credential: () => loadCredential({ provider, chain: cert, key }),
    roots: () => ca,
    identity: () => ({ cert, key }),
    guests: () => ({ cert, key }),
    members: () => ({ cert, key, ca }),
    redis: () => ({
      /** @param {string} name @param {number} expiresAtMs */
      async setIfAbsent(name, expiresAtMs) {
        const isAbsent = (seen.get(name) ?? 0) < Date.now();
        if (isAbsent) seen.set(name, expiresAtMs);
        return isAbsent;
      },
    }),
    link: () => linkToServer(loadCredential({ provider, chain: cert, key })),
  };
  for (const name of names)
    Object.assign(globalThis, { [name]: values[/** @type {keyof typeof values} */ (name)]() });
}

/** @param {Record<string, string>} files @param {number} port */
export async function echoServer({ 'server.pem': certificate = '', 'server.key': privateKey = '' }, port) {
  const options = { port, certificate, privateKey, earlyData: { maxBytes: 16_384 } };
  const server = await createServer(options, async (connection) => {
    for await (const chunk of connection) await connection.send(chunk);
    connection.end();
  });
  server.on('connectionError', () => {});
  return server;
}

/**
 * The other end of a link of one's own, in this process: it says what it hears, and later, as links do.
 * @param {import('@sealwire/core').Credential} credential
 */
function linkToServer(credential) {
  const server = serverOfCore({ provider, credentials: [credential] });
  server.start(Date.now());
  /** @type {((bytes: Uint8Array) => void)[]} */
  const listeners = [];
  function drain() {
    for (let output = server.poll(); output !== undefined; output = server.poll()) {
      if (output.type === 'data') server.send(output.bytes);
      if (output.type === 'failed') throw output.error;
      if (output.type !== 'transmit') continue;
      for (const piece of output.pieces) setImmediate(() => listeners.forEach((handle) => handle(piece)));
    }
  }
  return {
    /** @param {Uint8Array} bytes */
    send(bytes) {
      setImmediate(() => {
        server.receive(bytes, Date.now());
        drain();
      });
    },
    /** @param {(bytes: Uint8Array) => void} handle */
    onBytes(handle) {
      listeners.push(handle);
    },
  };
}
