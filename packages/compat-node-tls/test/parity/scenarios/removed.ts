import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { alone, type Scenario, type Stage, type Tls, variants } from '../scenario.ts';
import { outcomeOf } from '../recorder.ts';
import { once } from './meeting.ts';

interface Pair extends NodeJS.EventEmitter {
  readonly cleartext: TLSSocket;
  readonly encrypted: Duplex;
  readonly credentials: unknown;
  destroy(): void;
}

type Older = {
  createSecurePair(context: unknown, isServer?: boolean, requestCert?: boolean, rejects?: boolean): Pair;
};

/** Two pairs whose records are piped to each other. */
async function pairs(stage: Stage): Promise<void> {
  const server = (stage.server as unknown as Older).createSecurePair(
    stage.server.createSecureContext(stage.pki.server),
    true,
  );
  const client = (stage.client as unknown as Older).createSecurePair(
    stage.client.createSecureContext({ ca: stage.pki.root }),
    false,
  );
  stage.cleanUp(() => {
    server.destroy();
    client.destroy();
  });
  stage.onClient.note('has', typeof client.credentials, client.cleartext.constructor.name);
  stage.onServer.listen(server, ['secure']);
  stage.onClient.listen(client, ['secure']);
  server.encrypted.pipe(client.encrypted).pipe(server.encrypted);
  const heard = once(server.cleartext, 'data');
  client.cleartext.write('hello');
  stage.onServer.note('data', String((await heard)[0]));
  const answered = once(client.cleartext, 'data');
  server.cleartext.write('bye');
  stage.onClient.note('data', String((await answered)[0]), client.cleartext.getProtocol());
}

/** What Node 24 has no more. */
const members: Readonly<Record<string, (tls: Tls) => unknown>> = {
  'createSecurePair of nothing': (tls) => {
    const pair = (tls as unknown as Older).createSecurePair(undefined);
    pair.destroy();
    return Object.keys(pair).filter((name) => !name.startsWith('_')).length > 0;
  },
};

/** What warned already. */
const kept: Readonly<Record<string, (tls: Tls) => unknown>> = {
  'setOptions of Server': (tls) => {
    const server = tls.createServer() as unknown as Record<string, unknown> & {
      setOptions(of: object): void;
    };
    server.setOptions({ requestCert: true, rejectUnauthorized: false, ciphers: 'ECDHE' });
    return [server['requestCert'], server['rejectUnauthorized'], server['ciphers']];
  },
};

const listed = (of: typeof kept): { name: string; ask: (tls: Tls) => unknown }[] =>
  Object.entries(of).map(([name, ask]) => ({ name, ask }));
const ask = (stage: Stage, { ask: question }: { ask: (tls: Tls) => unknown }): void =>
  stage.onClient.note(
    'is',
    outcomeOf(() => question(stage.client)),
  );

export const removedScenarios: readonly Scenario[] = [
  ...variants(['talk through their encrypted sides'], (name) => `pairs: they ${name}`, pairs).map((each) => ({
    ...each,
    until: 23,
  })),
  ...alone('removed', listed(members), ask).map((each) => ({ ...each, until: 23 })),
  ...alone('removed', listed(kept), ask).map((each) => ({ ...each, until: 23 })),
];
