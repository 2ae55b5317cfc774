import { expect } from 'vitest';
import { clientEch } from '../../src/ech/client.ts';
import { encodeEchConfigList } from '../../src/ech/config-list.ts';
import { greaseEch } from '../../src/ech/grease.ts';
import { generateEchKey } from '../../src/ech/keys.ts';
import { serverEch } from '../../src/ech/server.ts';
import type { RawExtension } from '../../src/extensions/definition.ts';
import type { ClientOptions } from '../../src/index.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { echKey } from '../harness/encrypted-hello.ts';
import { testProvider as provider } from '../harness/node-provider.ts';
import { withExtension, withoutExtension } from '../harness/peer.ts';
import { scriptedServer, type ScriptedServer, type ServerScript } from '../harness/scripted-server.ts';
import { bytes, clause } from './clause.ts';

const configList = encodeEchConfigList([echKey.config]);

/** A server before a client that encrypts to `echKey`, with that key. */
const server = (options: Partial<ClientOptions> = {}, script: ServerScript = {}) =>
  scriptedServer(
    { ech: clientEch({ provider, configList }), ...options },
    { ech: serverEch({ provider, keys: [echKey] }), ...script },
  );

/** The same, with another key. */
const stranger = (options: Partial<ClientOptions> = {}, script: ServerScript = {}) =>
  server(options, { ech: serverEch({ provider, keys: [otherKey] }), ...script });
const otherKey = generateEchKey({ provider, publicName: 'public.test', configId: 5 });

const pretender = () => scriptedServer({ ech: greaseEch({ provider }) });

const ech = (...data: number[]): RawExtension => ({ type: ext.encrypted_client_hello, data: bytes(...data) });

function expectTaken(peer: ScriptedServer): ScriptedServer {
  expect(peer.victim.facts).toMatchObject({ handshakes: 1, encryptedClientHello: 'accepted' });
  return peer;
}

clause('RFC 9849 §5: retry configurations although the hello was taken', () => {
  const peer = server().before('encryptedExtensions');
  return peer.encryptedExtensions((message) =>
    withExtension(message, { type: ext.encrypted_client_hello, data: configList }),
  );
});

clause('RFC 9849 §6.1: a pre-shared key of a hello that was not taken', () => {
  const key = { identity: bytes(1, 2, 3), key: new Uint8Array(32), hash: 'sha256' } as const;
  const answers = { lookupPsk: () => ({ ok: true, psks: [key] }) } as never;
  const peer = stranger({ answers });
  expect(peer.hello.extensions.has({ type: ext.pre_shared_key })).toBe(true);
  return peer.serverHello((message) =>
    withExtension(message, { type: ext.pre_shared_key, data: bytes(0, 0) }),
  );
});

clause(
  'RFC 9849 §6.1.4: a confirmation of another length',
  () => server().helloRetryRequest((message) => withExtension(message, ech(1, 2, 3, 4, 5, 6, 7))),
  () => server().helloRetryRequest((message) => withExtension(message, ech())),
  () => server().helloRetryRequest((message) => withExtension(message, ech(1, 2, 3, 4, 5, 6, 7, 8, 9))),
);
clause(
  'RFC 9849 §6.1.4: confirmed in HelloRetryRequest and ServerHello',
  () => expectTaken(server().before('end')),
  () => {
    const peer = server().helloRetryRequest();
    const { hello, outerHello } = peer;
    expect(hello.extensions.raw({ type: ext.encrypted_client_hello })).toEqual(bytes(1));
    expect(outerHello.random).not.toEqual(hello.random);
    return expectTaken(peer.before('end'));
  },
);
clause('RFC 9849 §6.1.5: a ServerHello that takes the confirmation back', () =>
  server()
    .helloRetryRequest()
    .serverHello((message) => ({
      ...message,
      random: message.random.map((byte, i) => (i === 31 ? byte ^ 1 : byte)),
    })),
);

// --------------------------------------------------------------------------------- §6.1.6 rejection

/** The retry configurations that the error of the client brings. */
function retryConfigs(peer: ScriptedServer): Uint8Array | undefined {
  expect(peer.victim.facts.encryptedClientHello).toBe('rejected');
  expect(peer.victim.facts.handshakes).toBe(0);
  // Nobody whom the application asked for has proved anything.
  expect(peer.victim.facts.peerEvidence).toBeUndefined();
  return peer.failure?.error.retryConfigs;
}

clause(
  'RFC 9849 §6.1.6: a rejected hello',
  () => {
    const peer = stranger().before('end');
    expect(retryConfigs(peer)).toEqual(encodeEchConfigList([otherKey.config]));
    return peer;
  },
  () => {
    const peer = stranger().before('encryptedExtensions');
    peer.encryptedExtensions((message) => withoutExtension(message, ext.encrypted_client_hello));
    peer.certificate().certificateVerify().finished();
    expect(retryConfigs(peer)).toBeUndefined();
    return peer;
  },
  // A server that knows nothing of all this.
  () => {
    const peer = server({}, { ech: undefined as never }).before('end');
    expect(retryConfigs(peer)).toBeUndefined();
    return peer;
  },
  () => {
    const peer = stranger().helloRetryRequest();
    expect(peer.hello.extensions.raw({ type: ext.encrypted_client_hello })!.length).toBeGreaterThan(100);
    peer.before('end');
    expect(retryConfigs(peer)).toBeDefined();
    return peer;
  },
  // Eight bytes that confirm nothing are no confirmation.
  () => {
    const peer = stranger().helloRetryRequest((message) =>
      withExtension(message, ech(1, 2, 3, 4, 5, 6, 7, 8)),
    );
    peer.before('end');
    expect(retryConfigs(peer)).toBeDefined();
    return peer;
  },
);
const configsOf = (...data: number[]) => {
  const peer = stranger().before('encryptedExtensions');
  return peer.encryptedExtensions((message) => withExtension(message, ech(...data)));
};
clause(
  'RFC 9849 §6.1.6: retry configurations that do not decode',
  () => configsOf(),
  () => configsOf(0, 0),
  () => configsOf(0, 4, 0xfe, 0x0d, 0, 0),
  () => configsOf(0, 5, 0, 1, 0, 0),
  () => configsOf(0, 4, 0, 1, 0, 0, 0),
);
clause("RFC 9849 §6.1.6: a certificate that is not the public name's", () => {
  const names: (string | undefined)[] = [];
  const verifyPeer = ({ expectedName }: { readonly expectedName: string | undefined }) => {
    names.push(expectedName);
    return { ok: false, reason: 'nameMismatch', message: 'not that name' } as const;
  };
  const peer = stranger({ answers: { verifyPeer } }).before('certificateVerify');
  expect(names).toEqual(['public.test']);
  expect(retryConfigs(peer)).toBeUndefined();
  return peer;
});
clause('RFC 9849 §6.1.6: a request for a certificate', () => {
  const peer = stranger({}, { asksClient: true }).before('end');
  const certificates = peer.received
    .filter(({ type }) => type === contentTypes.handshake)
    .flatMap(({ content }) => {
      const message = content[0] === 11 ? decodeHandshake(content.subarray(0, 4 + content[3]!)) : undefined;
      return message?.type === 'certificate' ? [message] : [];
    });
  expect(certificates.map(({ certificateList }) => certificateList.length)).toEqual([0]);
  return peer;
});

// --------------------------------------------------------------------------------- §6.2.1 GREASE

const answeredGrease = (...data: number[]) => {
  const peer = pretender().before('encryptedExtensions');
  return peer.encryptedExtensions((message) => withExtension(message, ech(...data)));
};
clause(
  'RFC 9849 §6.2.1: an invalid answer to GREASE',
  () => answeredGrease(),
  () => answeredGrease(0, 3, 0, 1, 0),
  () => pretender().helloRetryRequest((message) => withExtension(message, ech(1, 2, 3))),
);
clause(
  'RFC 9849 §6.2.1: a valid answer to GREASE',
  () => {
    const peer = answeredGrease(...configList);
    peer.certificate().certificateVerify().finished();
    expect(peer.victim.facts).toMatchObject({ handshakes: 1, encryptedClientHello: 'grease' });
    return peer;
  },
  () => {
    const peer = pretender();
    const first = peer.hello.extensions.raw({ type: ext.encrypted_client_hello });
    peer.helloRetryRequest((message) => withExtension(message, ech(1, 2, 3, 4, 5, 6, 7, 8)));
    // RFC 9849 §6.2.1: the second hello has the very same extension.
    expect(peer.hello.extensions.raw({ type: ext.encrypted_client_hello })).toEqual(first);
    return peer.before('end');
  },
);
