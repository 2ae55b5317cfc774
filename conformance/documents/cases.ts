import {
  type ClientOptions,
  type Connection,
  createClient,
  createServer,
  givenEntropy,
  namedGroups,
  type Output,
  type ServerOptions,
  suites13,
} from '@sealwire/core';
import { contentTypes } from '@sealwire/core/codecs';
import { suites12, tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { describeOutputs, insertField, removeField, replaceField, seededRandom } from '@sealwire/testkit';
import { createVerifier, loadCredential, makeTestPki } from '@sealwire/x509';

/** What the block `setup` of a case may say. */
export interface CaseSetup {
  readonly role: 'client' | 'server';
  readonly versions?: readonly (keyof typeof modules)[];
  readonly groups?: readonly (keyof typeof namedGroups)[];
  readonly cipherSuites?: readonly (keyof typeof suites)[];
  readonly alpnProtocols?: readonly string[];
  readonly clientAuthentication?: 'none' | 'request' | 'require';
}

const modules = { tls10, tls11, tls12, tls13 };
const suites = { ...suites12, ...suites13 };

export const nowMs = Date.UTC(2026, 0, 1);
const pki = makeTestPki({ provider, nowMs, source: seededRandom('cases') });

/** The connection of a case: certificates, keys and randomness are the same every time. */
export function connect(setup: unknown): Connection {
  const {
    role,
    versions,
    groups = ['x25519'],
    cipherSuites,
    alpnProtocols = [],
    clientAuthentication,
  } = setup as CaseSetup;
  const options = {
    provider,
    entropy: givenEntropy(seededRandom(`case ${role}`)),
    groups: groups.map((name) => namedGroups[name]),
    ...(versions && { versions: versions.map((name) => modules[name]) }),
    ...(cipherSuites && { cipherSuites: cipherSuites.map((name) => suites[name]) }),
    alpnProtocols,
    answers: { verifyPeer: createVerifier({ provider, roots: pki.root.certificate }) },
  } satisfies Partial<ClientOptions & ServerOptions>;
  return role === 'client'
    ? createClient({ ...options, serverName: 'localhost' })
    : createServer({
        ...options,
        ...(clientAuthentication && { clientAuthentication }),
        credentials: [loadCredential({ provider, chain: pki.server.chain, key: pki.server.key })],
      });
}

/** A case as it is written: prose, what is done, and what the connection says to that. */
class CaseWriter {
  readonly #connection: Connection;
  readonly #paragraphs: string[];
  /** What it sent last. */
  sent = new Uint8Array(0);

  constructor(title: string, words: string, setup: CaseSetup) {
    this.#connection = connect(setup);
    this.#paragraphs = [`# ${title}`, words, fenced('json setup', JSON.stringify(setup))];
  }

  call(words: string, ...calls: string[]): this {
    for (const call of calls) callOn(this.#connection, call);
    return this.#say(words, fenced('text call', calls.join('\n')));
  }

  receive(words: string, bytes: Uint8Array): this {
    this.#connection.receive(bytes, nowMs);
    const lines = [
      ...Buffer.from(bytes)
        .toString('hex')
        .matchAll(/.{1,64}/g),
    ].map(([line]) => line);
    return this.#say(words, fenced('hex receive', lines.join('\n')));
  }

  #say(words: string, block: string): this {
    const outputs = drained(this.#connection);
    this.sent = bytesOf(outputs);
    this.#paragraphs.push(words, block, fenced('text outputs', describeOutputs(outputs)));
    return this;
  }

  get markdown(): string {
    return `${this.#paragraphs.join('\n\n')}\n`;
  }
}

/** The peer of a case: a connection of its own. */
class Peer {
  readonly #connection: Connection;

  constructor(setup: CaseSetup) {
    this.#connection = connect(setup);
    this.#connection.start(nowMs);
  }

  /** What it says to that. */
  says(to: Uint8Array = new Uint8Array(0)): Uint8Array {
    if (to.length > 0) this.#connection.receive(to, nowMs);
    return bytesOf(drained(this.#connection));
  }

  does(call: string): Uint8Array {
    callOn(this.#connection, call);
    return bytesOf(drained(this.#connection));
  }
}

const client = { role: 'client' } as const;
const server = { role: 'server' } as const;
const helloOf = (setup: CaseSetup = client): Uint8Array => new Peer(setup).says();

/** The first record of these bytes with its handshake message changed. */
function edited(records: Uint8Array, change: (message: Uint8Array) => Uint8Array): Uint8Array {
  const message = change(records.slice(5, 5 + ((records[3]! << 8) | records[4]!)));
  return record(contentTypes.handshake, message);
}

function record(type: number, content: Uint8Array): Uint8Array {
  return Uint8Array.from([type, 3, 3, content.length >> 8, content.length & 0xff, ...content]);
}

function begun(title: string, words: string, setup: CaseSetup): CaseWriter {
  const outcome = setup.role === 'client' ? 'It begins with its ClientHello:' : 'A server waits:';
  return new CaseWriter(title, words, setup).call(outcome, 'start');
}

/** By the name of their files under docs/cases. */
export const cases: Readonly<Record<string, () => string>> = {
  'full-handshake-server'() {
    const peer = new Peer(client);
    const it = begun(
      'A server, from the first byte to the last',
      'A client connects, sends data, and both close.',
      server,
    );
    it.receive(
      'The ClientHello. The answer is the whole flight, and the server may send from now on:',
      peer.says(),
    );
    it.receive("The client's Finished, after its change_cipher_spec for middleboxes:", peer.says(it.sent));
    it.receive('Data:', peer.does('send "Is anybody there?"'));
    it.call('The server replies.', 'send "Yes."');
    it.receive('close_notify of the client:', peer.does('close'));
    return it.call('And of the server:', 'close').markdown;
  },
  'full-handshake-client'() {
    const peer = new Peer(server);
    const it = begun('A client, from the first byte to the last', 'The same, seen by the client.', client);
    it.receive('The whole flight of the server:', peer.says(it.sent));
    peer.says(it.sent);
    it.call('The client sends data.', 'send "Is anybody there?"');
    peer.says(it.sent);
    it.receive('The reply:', peer.does('send "Yes."'));
    it.call('It closes its side, and goes on reading:', 'close');
    peer.says(it.sent);
    return it.receive('close_notify of the server:', peer.does('close')).markdown;
  },
  'tls12-server'() {
    const peer = new Peer(client);
    const it = begun(
      'A server that speaks TLS 1.2 at best',
      'The client offers TLS 1.3 and 1.2, sends data, and both close. RFC 5246 §7.3, figure 1; RFC 5077 §3.1.',
      { ...server, versions: ['tls12'] },
    );
    it.receive('The ClientHello. The answer ends with ServerHelloDone:', peer.says());
    it.receive(
      'ClientKeyExchange, change_cipher_spec and Finished. NewSessionTicket leaves before the keys change, then Finished under the new ones:',
      peer.says(it.sent),
    );
    peer.says(it.sent);
    it.receive('Data:', peer.does('send "Is anybody there?"'));
    it.call('The server replies.', 'send "Yes."');
    it.receive('close_notify of the client:', peer.does('close'));
    return it.call('And of the server:', 'close').markdown;
  },
  'tls12-client'() {
    const peer = new Peer({ ...server, versions: ['tls12'] });
    const it = begun('A client whose server speaks TLS 1.2', 'The same, seen by the client.', client);
    it.receive('Up to ServerHelloDone:', peer.says(it.sent));
    it.receive("NewSessionTicket and the server's Finished:", peer.says(it.sent));
    it.call('The client sends data.', 'send "Is anybody there?"');
    peer.says(it.sent);
    it.receive('The reply:', peer.does('send "Yes."'));
    it.call('It closes its side, and goes on reading:', 'close');
    peer.says(it.sent);
    return it.receive('close_notify of the server:', peer.does('close')).markdown;
  },
  'tls10-cbc'() {
    const older = { versions: ['tls10'], cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'] } as const;
    const peer = new Peer({ ...client, ...older });
    const it = begun(
      'Data under chained blocks in TLS 1.0',
      'Whoever sees a record knows the IV of the next one, so data begins with a record of one byte. RFC 2246 §6.2.3.2.',
      { ...server, ...older },
    );
    it.receive('The ClientHello, which has no supported_versions:', peer.says());
    it.receive('ClientKeyExchange, change_cipher_spec and Finished:', peer.says(it.sent));
    peer.says(it.sent);
    it.receive('Data, in two records:', peer.does('send "Is anybody there?"'));
    return it.call('And so does the answer:', 'send "Yes."').markdown;
  },
  'hello-retry-request'() {
    const setup = { ...client, groups: ['x25519', 'secp256r1'] } as const;
    const peer = new Peer(setup);
    const it = begun(
      'A server that wants another group',
      'The client has sent a share of x25519 alone; the server speaks secp256r1 only. RFC 9846 §4.2.4.',
      { ...server, groups: ['secp256r1'] },
    );
    it.receive(
      'The first ClientHello. HelloRetryRequest has the type of ServerHello and a fixed random:',
      peer.says(),
    );
    return it.receive('The second, with a share of the right group:', peer.says(it.sent)).markdown;
  },
  'no-common-cipher-suite'() {
    const it = begun('No cipher suite in common', 'RFC 9846 §4.2.2.', {
      ...server,
      cipherSuites: ['TLS_AES_256_GCM_SHA384'],
    });
    const hello = helloOf({ ...client, cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256'] });
    return it.receive('The client offers ChaCha20-Poly1305 alone:', hello).markdown;
  },
  'no-common-protocol'() {
    const it = begun('No application protocol in common', 'RFC 7301 §3.2.', {
      ...server,
      alpnProtocols: ['h2'],
    });
    return it.receive(
      'The client offers http/1.1 alone:',
      helloOf({ ...client, alpnProtocols: ['http/1.1'] }),
    ).markdown;
  },
  'unoffered-cipher-suite'() {
    const it = begun(
      'A ServerHello with a suite that nobody offered',
      'RFC 9846 §4.2.3: such a choice is an illegal parameter.',
      { ...client, cipherSuites: ['TLS_AES_128_GCM_SHA256'] },
    );
    const hello = edited(new Peer(server).says(it.sent), (message) =>
      replaceField(message, 'cipher_suite', 0x1303),
    );
    return it.receive('The server chooses ChaCha20-Poly1305:', hello).markdown;
  },
  'missing-key-share'() {
    const it = begun('A ServerHello without a key share', 'RFC 9846 §4.2.3, §9.2.', client);
    const hello = edited(new Peer(server).says(it.sent), (message) =>
      removeField(message, 'extensions.key_share'),
    );
    return it.receive('key_share is missing:', hello).markdown;
  },
  'duplicate-extension'() {
    const it = begun('An extension that stands twice', 'RFC 9846 §4.3.', server);
    const twice = new Uint8Array([0, 43, 0, 3, 2, 3, 4]);
    const hello = edited(helloOf(), (message) =>
      insertField(message, 'extensions.supported_versions', twice),
    );
    return it.receive('supported_versions, twice:', hello).markdown;
  },
  'trailing-bytes'() {
    const it = begun(
      'Bytes after the end of a message',
      'What a message does not need is no message: RFC 9846 §4.',
      server,
    );
    const hello = edited(helloOf(), (message) => {
      const longer = Uint8Array.from([...message, 0]);
      longer.set([(longer.length - 4) >> 8, (longer.length - 4) & 0xff], 2);
      return longer;
    });
    return it.receive('One byte after the extensions:', hello).markdown;
  },
  'not-tls'() {
    const it = begun('Somebody who speaks HTTP', 'The first byte is no content type that there is.', server);
    return it.receive('`GET / HTTP/1.1`:', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')).markdown;
  },
  'unexpected-message'() {
    const it = begun(
      'A Finished before everything else',
      'RFC 9846 §4: the order of messages is part of the protocol.',
      server,
    );
    const finished = Uint8Array.from([20, 0, 0, 32, ...new Uint8Array(32)]);
    return it.receive('Finished in place of ClientHello:', record(contentTypes.handshake, finished)).markdown;
  },
  'old-version'() {
    const it = begun(
      'A client that knows TLS 1.2 at best',
      'It does not say supported_versions, and the server speaks nothing so old. RFC 9846 §4.3.1, §E.2.',
      { ...server, versions: ['tls13'] },
    );
    const hello = edited(helloOf(), (message) => removeField(message, 'extensions.supported_versions'));
    return it.receive('ClientHello with legacy_version alone:', hello).markdown;
  },
  'key-update'() {
    const peer = new Peer(client);
    const it = begun('A peer that asks for new keys', 'RFC 9846 §4.7.3.', server);
    it.receive('ClientHello:', peer.says());
    it.receive('Finished:', peer.says(it.sent));
    it.receive(
      'KeyUpdate with update_requested. The answer may wait for data:',
      peer.does('updateKeys requestPeer'),
    );
    it.receive('Data under the new keys of the client:', peer.does('send "new"'));
    return it.call('The answer leaves before the data, under the old keys of the server:', 'send "new too"')
      .markdown;
  },
  truncation() {
    const peer = new Peer(client);
    const it = begun(
      'A connection that is cut off',
      'The end of the transport is no close_notify: data may be missing. RFC 9846 §6.1.',
      server,
    );
    it.receive('ClientHello:', peer.says());
    it.receive('Finished:', peer.says(it.sent));
    it.call('The transport ends:', 'receiveEnd');
    return it.call('The server may still send, and close:', 'send "Where are you?"', 'close').markdown;
  },
  'certificate-required'() {
    const peer = new Peer(client);
    const it = begun('A client without a certificate', 'The server demands one. RFC 9846 §4.5.1.4.', {
      ...server,
      clientAuthentication: 'require',
    });
    it.receive('ClientHello:', peer.says());
    return it.receive('An empty Certificate, and Finished:', peer.says(it.sent)).markdown;
  },
};

function callOn(connection: Connection, call: string): void {
  const text = /^send "(.*)"$/.exec(call)?.[1];
  if (text !== undefined) connection.send(new TextEncoder().encode(text));
  else if (call === 'start') connection.start(nowMs);
  else if (call === 'close') connection.close();
  else if (call === 'receiveEnd') connection.receiveEnd(nowMs);
  else if (call === 'updateKeys requestPeer') connection.updateKeys({ requestPeer: true });
  else throw new Error(`no case says ${call}`);
}

function drained(connection: Connection): Output[] {
  const outputs: Output[] = [];
  for (let output = connection.poll(); output !== undefined; output = connection.poll()) outputs.push(output);
  return outputs;
}

function bytesOf(outputs: readonly Output[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    Buffer.concat(outputs.flatMap((each) => (each.type === 'transmit' ? each.pieces : []))),
  );
}

function fenced(info: string, text: string): string {
  return `\`\`\`${info}\n${text}\n\`\`\``;
}
