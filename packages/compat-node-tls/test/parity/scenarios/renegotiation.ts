import type { TLSSocket } from 'node:tls';
import type { Scenario } from '../scenario.ts';
import type { Together } from './together.ts';
import { type Meeting, meetings, secured } from './meeting.ts';

function renegotiated(socket: TLSSocket, options: object): Promise<{ result: unknown; error: Error | null }> {
  return new Promise((resolve) => {
    let result: unknown;
    result = socket.renegotiate(options as never, (error) => resolve({ result, error }));
  });
}

/** Before anything else can happen. */
function endAtError({ client, accepted }: Together): void {
  void accepted.then((socket) =>
    socket.on('error', () => {
      client.destroy();
      socket.destroy();
    }),
  );
}

const older: readonly Meeting[] = [
  {
    name: 'of the client',
    script: async (met, { onClient }) => {
      await secured(met);
      const { error } = await renegotiated(met.client, { rejectUnauthorized: false });
      onClient.note('renegotiated', error, met.client.getProtocol());
      met.client.end('x');
    },
  },
  {
    name: 'of the client, twice',
    script: async (met, { onClient }) => {
      await secured(met);
      for (const _ of [1, 2]) onClient.note('renegotiated', (await renegotiated(met.client, {})).error);
      met.client.end('x');
    },
  },
  {
    name: 'of the client, too often',
    script: async (met, { onClient }) => {
      await secured(met);
      for (const _ of [1, 2, 3]) onClient.note('renegotiated', (await renegotiated(met.client, {})).error);
      endAtError(met);
      met.client.renegotiate({}, () => {});
    },
  },
  {
    name: 'of the client, which the server has forbidden',
    script: async (met) => {
      (await secured(met))?.disableRenegotiation();
      endAtError(met);
      met.client.renegotiate({}, () => {});
    },
  },
  {
    name: 'of the client, which it has forbidden itself',
    script: async (met, { onClient }) => {
      await secured(met);
      met.client.disableRenegotiation();
      onClient.note('renegotiated', (await renegotiated(met.client, {})).error);
      met.client.end();
    },
  },
  {
    name: 'of the client, which ends at once',
    script: async (met) => {
      await secured(met);
      met.client.renegotiate({}, () => {});
      met.client.end();
    },
  },
  {
    name: 'of the client, while the server ends',
    script: async (met) => {
      const socket = await secured(met);
      met.client.renegotiate({}, () => {});
      socket?.end();
    },
  },
  {
    name: 'of the server',
    script: async (met, { onServer }) => {
      const socket = await secured(met);
      const { error } = await renegotiated(socket!, {});
      onServer.note('renegotiated', error, socket!.getProtocol());
      met.client.end('x');
    },
  },
  {
    name: 'of the server, for a certificate of the client',
    server: ({ pki }) => ({ ca: pki.root }),
    client: ({ pki }) => pki.client,
    script: async (met, { onServer }) => {
      const socket = (await secured(met))!;
      onServer.note('before', Object.keys(socket.getPeerCertificate()).length > 0);
      const { error } = await renegotiated(socket, { requestCert: true, rejectUnauthorized: false });
      onServer.note('renegotiated', error, Object.keys(socket.getPeerCertificate()).length > 0);
      met.client.end('x');
    },
  },
  {
    name: 'of the server, which ends at once',
    script: async (met) => {
      const socket = await secured(met);
      socket?.renegotiate({}, () => {});
      socket?.end();
    },
  },
  {
    name: 'of the server, while the client ends',
    script: async (met) => {
      const socket = await secured(met);
      socket?.renegotiate({}, () => {});
      met.client.end();
    },
  },
];

const newer: readonly Meeting[] = [
  {
    name: 'there is none',
    script: async (met, { onClient }) => {
      await secured(met);
      const { result, error } = await renegotiated(met.client, {});
      onClient.note('renegotiated', result, error);
      met.client.end();
    },
  },
];

export const renegotiationScenarios: readonly Scenario[] = [
  ...meetings('renegotiation', older, ['TLSv1.2']),
  ...meetings('renegotiation', newer, ['TLSv1.3']),
];
