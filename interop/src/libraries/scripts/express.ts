import https, { type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import express, { type Request } from 'express';
import { bulk, eachVersion, portOf, refusal, sha256, socketFacts, text } from '../facts.ts';
import type { Script, Serve, Site } from '../script.ts';
import { seenBy, serverOptions } from './seen.ts';

/** An application of express over https, and Node's own agents. */
export const cases: Script['cases'] = {
  ...eachVersion('kept alive, 4 MB both ways', async (site, version) => {
    const agent = new https.Agent({
      keepAlive: true,
      maxSockets: 1,
      minVersion: version,
      maxVersion: version,
    });
    const sent = bulk(4_000_000);
    const echo = await asked(site, { agent, method: 'POST', path: '/echo' }, sent);
    const list = await asked(site, { agent, path: '/list' });
    const { reused, seen, socket } = await asked(site, { agent });
    agent.destroy();
    if (sha256(echo.body) !== sha256(sent)) throw new Error('other bytes came back');
    return { list: sha256(list.body), reused, seen: JSON.parse(seen), socket };
  }),

  ...eachVersion('an agent resumes its sessions', async (site, version) => {
    const agent = new https.Agent({ minVersion: version, maxVersion: version });
    const all: unknown[] = [];
    let isResumed = false;
    for (let i = 0; i < 3; i++) {
      const { seen, socket } = await asked(site, { agent });
      isResumed = (JSON.parse(seen) as { isResumed: boolean }).isResumed;
      all.push({ seen: JSON.parse(seen), socket });
    }
    agent.destroy();
    if (!isResumed) throw new Error('nothing was resumed');
    return all;
  }),

  async 'a certificate of its own, 100 Continue, a failing handler'(site) {
    const own = { cert: text(site.files.clientChain), key: text(site.files.clientKey) };
    const { seen } = await asked(site, own);
    const headers = { expect: '100-continue', 'content-type': 'application/json' };
    const json = await asked(site, { method: 'POST', path: '/json', headers }, JSON.stringify({ a: 1 }));
    const failed = await asked(site, { path: '/fails' });
    return { seen: JSON.parse(seen), json: json.body.toString(), failed: failed.status };
  },

  async 'refusals and limits of time'(site) {
    return {
      root: await refusal(asked(site, { ca: text(site.files.wrongCa) })),
      name: await refusal(asked(site, { servername: 'other.example.org' })),
      late: await refusal(asked(site, { path: '/never', signal: AbortSignal.timeout(100) })),
      cut: await refusal(asked(site, { path: '/cut' })),
    };
  },
};

export const serve: Serve = async (files) => {
  const app = express();
  const seen = (request: Request) => ({
    ...seenBy(request.socket),
    secure: request.secure,
    scheme: request.protocol,
  });
  app.post('/echo', (request, response) => void request.pipe(response));
  app.post(
    '/json',
    express.json(),
    (request, response) => void response.json({ ...(request.body as object), b: 2 }),
  );
  app.get(
    '/list',
    (_, response) => void response.json(Array.from({ length: 100_000 }, (_, i) => `number ${i}`)),
  );
  app.get('/fails', () => Promise.reject(new Error('as it was meant to')));
  app.get('/never', () => {});
  app.get('/cut', (request) => void request.socket.destroy());
  app.get('/', (request, response) => void response.json(seen(request)));
  app.use((_error: unknown, _request: Request, response: express.Response, _next: unknown) => {
    response.status(500).end();
  });
  return { tls: await portOf(https.createServer(serverOptions(files), app)) };
};

interface Answer {
  readonly status: number | undefined;
  readonly body: Buffer;
  readonly seen: string;
  readonly reused: boolean;
  readonly socket: unknown;
}

function asked({ ports, files }: Site, own: RequestOptions, body?: string | Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: 'localhost', port: ports['tls'], ca: text(files.ca), ...own };
    const request = https.request(options, (answer: IncomingMessage) => {
      const socket = socketFacts(answer.socket);
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => {
        const all = Buffer.concat(pieces);
        resolve({
          status: answer.statusCode,
          body: all,
          seen: all.toString(),
          reused: request.reusedSocket,
          socket,
        });
      });
    });
    request.on('error', reject);
    if (own.headers !== undefined) request.once('continue', () => request.end(body));
    else request.end(body);
  });
}
