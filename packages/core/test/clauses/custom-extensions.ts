import { expect } from 'vitest';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import type { CustomExtension, CustomRefusal } from '../../src/index.ts';
import type { Certificate } from '../../src/messages/certificate.ts';
import { withExtension, withExtensions, type Peer } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, type Victim } from './clause.ts';
import { sampleMessages } from './sample-messages.ts';

const type = 0xfedc;
const entry = { type, data: bytes(7) };
const request = { clientAuthentication: 'request' } as const;

/** A victim that knows the extension, and what it says to the one that the peer sends. */
const knowing = (extension: Partial<CustomExtension>) => ({ customExtensions: [{ type, ...extension }] });

/** In EncryptedExtensions for a client, in ClientHello for a server. */
function send(victim: Victim, options: object, entries = [entry]): Peer {
  const change = <M extends Parameters<typeof withExtensions>[0]>(message: M) =>
    withExtensions(message, (own) => [...own, ...entries]);
  return victim === 'client'
    ? scriptedServer(options).before('encryptedExtensions').encryptedExtensions(change)
    : scriptedClient(options).clientHello(change);
}

const judged = (refusal: CustomRefusal | undefined) => {
  const judge = () => refusal;
  return knowing({ send: { CH: bytes(1) }, receive: { CH: judge, EE: judge } });
};

const withEntry = (message: Certificate): Certificate => ({
  ...message,
  certificateList: message.certificateList.map((each) => ({
    ...each,
    extensions: ExtensionBlock.of('CT', [entry]),
  })),
});

clause('RFC 9846 §4.3: a custom extension in every message where it may stand', (victim) => {
  const everywhere = knowing({
    send: { CH: bytes(1), CR: bytes(2), EE: ({ request: asked }) => asked, CT: bytes(3), SH: bytes(4) },
    receive: { CH: true, SH: true, EE: true, CR: true, CT: true },
  });
  const places = (peer: Peer) => peer.victim.facts.peerExtensions?.map((each) => [each.in, ...each.data]);
  if (victim === 'client') {
    const server = scriptedServer(everywhere, { asksClient: true });
    expect(server.hello.extensions.raw({ type })).toEqual(bytes(1));
    server.serverHello((message) => withExtension(message, entry));
    server.encryptedExtensions((message) => withExtension(message, entry));
    server.certificateRequest((message) => withExtension(message, entry));
    server.certificate(withEntry).certificateVerify().finished();
    expect(places(server)).toEqual(['SH', 'EE', 'CR', 'CT'].map((place) => [place, 7]));
    return server;
  }
  const client = scriptedClient({ ...everywhere, ...request });
  client.clientHello((message) => withExtension(message, entry));
  client.certificate(withEntry).certificateVerify().finished();
  expect(client.request!.extensions.raw({ type })).toEqual(bytes(2));
  expect(places(client)).toEqual([
    ['CH', 7],
    ['CT', 7],
  ]);
  return client;
});
clause('RFC 9846 §4.3: a custom extension that answers nothing', (victim) => {
  // It could be received, and is not asked for.
  const options = knowing({ receive: { EE: true, CT: true } });
  if (victim === 'client') return send('client', options);
  return scriptedClient({ ...options, ...request })
    .before('certificate')
    .certificate(withEntry);
});
clause(
  'RFC 9846 §4.3: a custom extension in a message where it may not stand',
  (victim) => send(victim, knowing({ send: { CH: bytes(1), EE: bytes(1) }, receive: { CT: true } })),
  (victim) =>
    victim === 'client'
      ? scriptedServer(knowing({ send: { CH: bytes(1) }, receive: { EE: true } })).helloRetryRequest(
          (message) => withExtension(message, entry),
        )
      : send(victim, knowing({ send: { EE: bytes(1) } })),
  (victim) =>
    victim === 'client'
      ? scriptedServer(knowing({ send: { CH: bytes(1) }, receive: { EE: true } }))
          .before('end')
          .handshake(withExtension(sampleMessages.new_session_ticket, entry))
      : send(victim, knowing({ receive: { NST: true } })),
);
clause('RFC 9846 §4.3: a custom extension twice', (victim) =>
  send(victim, judged(undefined), [entry, entry]),
);
clause('RFC 9846 §4.3: a custom extension that the application calls illegal', (victim) =>
  send(victim, judged({ reason: 'illegal', message: 'no such value' })),
);
clause('RFC 9846 §4.3: a custom extension that the application cannot read', (victim) =>
  send(victim, judged({ reason: 'malformed', message: 'too short' })),
);
clause('RFC 9846 §4.3: a custom extension that the application misses', (victim) => {
  const needs = (data: Uint8Array | undefined) =>
    data === undefined ? ({ reason: 'missing', message: 'it must be there' } as const) : undefined;
  return send(victim, knowing({ send: { CH: bytes(1) }, receive: { CH: needs, EE: needs } }), []);
});
clause('RFC 9846 §4.3: a custom extension that the application refuses', (victim) =>
  send(victim, judged({ reason: 'refused', message: 'not today' })),
);
