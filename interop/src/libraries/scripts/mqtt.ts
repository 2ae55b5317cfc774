import type tls from 'node:tls';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { bulk, eachVersion, lateRefusal, next, refusal, sha256, socketFacts, text } from '../facts.ts';
import type { Script, Site } from '../script.ts';

/** `tls.connect` with the library's own options among those of TLS, and what it looks at once it is secure. */
export const cases: Script['cases'] = {
  ...eachVersion('messages of every quality of service, 2 MB both ways', async (site, version) => {
    const client = await connected(site, { minVersion: version, maxVersion: version });
    const socket = socketFacts(client.stream);
    const topic = `open/${version}`;
    await client.subscribeAsync(`${topic}/#`, { qos: 2 });
    const heard: string[] = [];
    const all = new Promise<void>((resolve) => {
      client.on('message', (name, payload) => {
        heard.push(`${name} ${payload.length} ${sha256(payload)}`);
        if (heard.length === 31) resolve();
      });
    });
    for (let i = 0; i < 30; i++)
      await client.publishAsync(`${topic}/${i}`, `number ${i}`, { qos: (i % 3) as 0 | 1 | 2 });
    await client.publishAsync(`${topic}/large`, bulk(2_000_000), { qos: 1 });
    await all;
    await client.endAsync();
    return { heard: heard.sort(), socket };
  }),

  ...eachVersion('the name in a certificate is the user', async (site, version) => {
    const there = { ...site, ports: { tls: site.ports['strict']! } };
    const versions = { minVersion: version, maxVersion: version } as const;
    const key = { cert: text(site.files.clientChain), key: text(site.files.clientKey) };
    const client = await connected(there, { ...key, ...versions });
    const topic = 'of/client p256/news';
    await client.subscribeAsync(topic, { qos: 1 });
    const heard = next(client, 'message');
    await client.publishAsync(topic, 'for its owner', { qos: 1 });
    const [name, payload] = (await heard) as [string, Buffer];
    await client.endAsync();
    return {
      name,
      payload: payload.toString(),
      without: without(version, await refusal(connected(there, versions))),
    };
  }),

  async 'a connection that is lost is made again, and kept alive'(site) {
    const client = await connected(site, { reconnectPeriod: 20, keepalive: 1 });
    await client.subscribeAsync('open/again', { qos: 1 });
    const pinged = next(client, 'packetreceive');
    await pinged;
    const again = next(client, 'connect');
    client.stream.destroy();
    await again;
    const heard = next(client, 'message');
    await client.publishAsync('open/again', 'there', { qos: 1 });
    const [name, payload] = (await heard) as [string, Buffer];
    const socket = socketFacts(client.stream);
    await client.endAsync();
    return { name, payload: payload.toString(), socket };
  },

  async 'refusals: a root that is not known, another name'(site) {
    return {
      root: await refusal(connected(site, { ca: text(site.files.wrongCa) })),
      name: await refusal(connected(site, { servername: 'other.example.org' })),
      lax: await named(site),
    };
  },
};

/** Somebody who takes every certificate still learns what is wrong with it. */
async function named(site: Site): Promise<unknown> {
  const client = await connected(site, { ca: text(site.files.wrongCa), rejectUnauthorized: false });
  const facts = socketFacts(client.stream);
  await client.endAsync();
  return facts;
}

function connected(
  { ports, files }: Site,
  own: Partial<IClientOptions & tls.ConnectionOptions>,
): Promise<MqttClient> {
  const options = {
    port: ports['tls']!,
    ca: text(files.ca),
    reconnectPeriod: 0,
    clientId: `client ${(clients += 1)}`,
  };
  return mqtt.connectAsync('mqtts://localhost', { ...options, ...own }, false);
}

let clients = 0;

/** Only TLS 1.3 lets a client end its handshake before the server has looked at it. */
function without(version: tls.SecureVersion, error: unknown): unknown {
  return version === 'TLSv1.3' ? lateRefusal(error, 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED') : error;
}
