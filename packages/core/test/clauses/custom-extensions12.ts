import { expect } from 'vitest';
import type { RawExtension } from '../../src/extensions/definition.ts';
import type { CustomExtension } from '../../src/index.ts';
import type { ExtensionType } from '../../src/registry/extension-types.ts';
import { helloWith, scriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { serverSession12, session12 } from '../harness/session12.ts';
import { bytes, clause } from './clause.ts';

/** Extensions of the application's own in the hellos of TLS 1.2. */

const type = 0xfedc as ExtensionType;
const entry: RawExtension = { type, data: bytes(7) };
const knowing = (extension: Partial<CustomExtension>) => ({ customExtensions: [{ type, ...extension }] });
const client = (receive: CustomExtension['receive']) => ({
  ...knowing({ send: { CH: bytes(1) }, ...(receive && { receive }) }),
  sessions: [session12],
});
const script = { extensions: [entry] };

clause('RFC 5246 §7.4.1.4: a custom extension in both hellos', function* (victim) {
  if (victim === 'client') {
    for (const resumes of [undefined, session12.secret]) {
      const own = { ...script, ...(resumes && { resumes }) };
      const server = scriptedServer12(client({ SH12: true }), own).serverHello();
      expect(server.hello.extensions.raw({ type })).toEqual(bytes(1));
      expect(server.victim.facts.peerExtensions).toEqual([{ in: 'SH12', ...entry }]);
      yield server;
    }
    return;
  }
  const found = { index: 0, session: serverSession12 };
  const options = {
    ...knowing({ send: { SH12: ({ request }) => request }, receive: { CH: true } }),
    sessionIds: {},
    answers: {
      lookupSession: () => ({ ok: true, ...found }) as const,
      storeSession: () => ({ ok: true }) as const,
    },
  };
  for (const legacySessionId of [new Uint8Array(0), session12.sessionId!]) {
    const peer = scriptedClient12(options);
    if (legacySessionId.length > 0) peer.resumes = session12.secret;
    peer.clientHello((hello) => ({ ...helloWith(hello, entry), legacySessionId }));
    expect(peer.serverHello?.extensions.raw({ type })).toEqual(bytes(7));
    expect(peer.victim.facts).toMatchObject({
      peerExtensions: [{ in: 'CH', ...entry }],
      resumed: legacySessionId.length > 0,
    });
    yield peer;
  }
  yield scriptedClient12(options).before('end');
});

clause('RFC 5246 §7.4.1.4: a custom extension in ServerHello that answers nothing', () =>
  scriptedServer12(knowing({ receive: { SH12: true } }), script).serverHello(),
);

clause('RFC 5246 §7.4.1.4: a custom extension in a ServerHello where it may not stand', () =>
  scriptedServer12(client({ SH: true, EE: true }), script).serverHello(),
);

clause('RFC 5246 §7.4.1.4: a custom extension in ServerHello that the application refuses', () =>
  scriptedServer12(client({ SH12: () => ({ reason: 'refused', message: 'no' }) }), script).serverHello(),
);
