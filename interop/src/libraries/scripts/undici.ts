import { createServer as plainServer } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { connect as dial, createServer as listen } from 'node:net';
import type tls from 'node:tls';
import { Agent, type Dispatcher, Pool, ProxyAgent, fetch, request } from 'undici';
import { bulk, eachVersion, portOf, refusal, sha256, text } from '../facts.ts';
import type { Script, Serve, Site } from '../script.ts';
import { seenBy, serverOptions } from './seen.ts';

/** Its own connector over `tls.connect`, with sessions that it keeps by host. */
export const cases: Script['cases'] = {
  ...eachVersion('30 requests by one connection, 4 MB both ways', async (site, version) => {
    const agent = agentOf(
      site,
      { minVersion: version, maxVersion: version },
      { connections: 1, pipelining: 1 },
    );
    const sent = bulk(4_000_000);
    const echo = await request(urlOf(site, '/echo'), { method: 'POST', body: sent, dispatcher: agent });
    const same = sha256(await echo.body.bytes()) === sha256(sent);
    const numbers = new Set<unknown>();
    for (let i = 0; i < 30; i++) numbers.add((await told(site, agent)).connection);
    const { seen } = await told(site, agent);
    await agent.close();
    if (!same || numbers.size !== 1) throw new Error(`${numbers.size} connections, same: ${same}`);
    return seen;
  }),

  ...eachVersion('sessions are resumed', async (site, version) => {
    // An agent forgets those of a host that it has no connection to.
    const pool = new Pool(urlOf(site, ''), {
      connect: { ca: text(site.files.ca), minVersion: version, maxVersion: version },
    });
    const { seen: first } = await told(site, pool, { connection: 'close' });
    // Sessions are held weakly, and may be gone.
    for (let i = 0; i < 10; i++) {
      const { seen } = await told(site, pool, { connection: 'close' });
      if (!(seen as { isResumed: boolean }).isResumed) continue;
      await pool.close();
      return { first, seen };
    }
    throw new Error('nothing was resumed');
  }),

  async 'many connections at once, fetch, an abort'(site) {
    const agent = agentOf(site, {}, { connections: 4 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const answer = await fetch(urlOf(site, '/echo'), {
          method: 'POST',
          body: `number ${i}`,
          dispatcher: agent,
        });
        return answer.text();
      }),
    );
    const aborter = new AbortController();
    const never = refusal(fetch(urlOf(site, '/never'), { signal: aborter.signal, dispatcher: agent }));
    setTimeout(() => aborter.abort(), 50);
    const aborted = await never;
    const after = await (
      await fetch(urlOf(site, '/echo'), { method: 'POST', body: 'after', dispatcher: agent })
    ).text();
    await agent.destroy();
    return { answers, aborted, after };
  },

  async 'HTTP/2, as agreed by ALPN'(site) {
    const agent = agentOf(site, {}, { allowH2: true });
    const url = `https://localhost:${site.ports['h2']}`;
    const sent = bulk(1_000_000);
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => {
        const answer = await request(`${url}/${i}`, { method: 'POST', body: sent, dispatcher: agent });
        return {
          version: answer.headers['x-version'],
          hash: sha256(await answer.body.bytes()) === sha256(sent),
        };
      }),
    );
    await agent.close();
    return answers;
  },

  async 'a certificate of its own'(site) {
    const agent = agentOf(site, { cert: text(site.files.clientChain), key: text(site.files.clientKey) });
    const { seen } = await told(site, agent);
    await agent.close();
    return seen;
  },

  async 'through a proxy, by CONNECT'(site) {
    const proxy = plainServer();
    proxy.on('connect', (asked, socket) => {
      const there = dial(Number(asked.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(there).pipe(socket);
      });
      for (const each of [there, socket]) each.on('error', () => {});
    });
    const port = await portOf(proxy);
    const agent = new ProxyAgent({
      uri: `http://127.0.0.1:${port}`,
      requestTls: { ca: text(site.files.ca) },
    });
    const { seen } = await told(site, agent);
    await agent.destroy();
    proxy.close();
    return seen;
  },

  async 'refusals and limits of time'(site) {
    const get = (agent: Dispatcher, path = '/', own = {}) =>
      request(urlOf(site, path), { dispatcher: agent, ...own }).finally(() => agent.destroy());
    const silent = listen();
    const nowhere = { ...site, ports: { tls: await portOf(silent) } };
    const deaf = agentOf(nowhere, { timeout: 100 });
    const facts = {
      root: await refusal(get(agentOf(site, { ca: text(site.files.wrongCa) }))),
      name: await refusal(get(agentOf(site, { servername: 'other.example.org' }))),
      version: await refusal(get(agentOf(site, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' }))),
      headers: await refusal(get(agentOf(site), '/never', { headersTimeout: 100 })),
      cut: await refusal(get(agentOf(site), '/cut')),
      deaf: await refusal(request(urlOf(nowhere, '/'), { dispatcher: deaf })),
    };
    await deaf.destroy();
    silent.close();
    return facts;
  },
};

export const serve: Serve = async (files) => {
  const numbers = new WeakMap<object, number>();
  let connections = 0;
  const server = https.createServer(serverOptions(files), (asked, answer) => {
    if (asked.url === '/never') return;
    if (asked.url === '/cut') asked.socket.destroy();
    else if (asked.url === '/echo') asked.pipe(answer);
    else answer.end(JSON.stringify({ seen: seenBy(asked.socket), connection: numbers.get(asked.socket) }));
  });
  server.on('secureConnection', (socket) => numbers.set(socket, (connections += 1)));
  const h2 = http2.createSecureServer({ ...serverOptions(files), allowHTTP1: true }, (asked, answer) => {
    answer.setHeader('x-version', asked.httpVersion);
    asked.pipe(answer);
  });
  return { tls: await portOf(server), h2: await portOf(h2) };
};

function agentOf(
  site: Site,
  own: tls.ConnectionOptions & { timeout?: number } = {},
  more: Agent.Options = {},
): Agent {
  return new Agent({
    ...more,
    connect: { ca: text(site.files.ca), ...own } as NonNullable<Agent.Options['connect']>,
  });
}

function urlOf({ ports }: Site, path: string): string {
  return `https://localhost:${ports['tls']}${path}`;
}

async function told(site: Site, dispatcher: Dispatcher, headers: Record<string, string> = {}) {
  const answer = await request(urlOf(site, '/'), { dispatcher, headers });
  return (await answer.body.json()) as { seen: unknown; connection: number };
}
