import { once } from 'node:events';
import https from 'node:https';
import type tls from 'node:tls';
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws';
import { bulk, errorFacts, eachVersion, next, portOf, socketFacts, text } from '../facts.ts';
import type { Script, Serve, Site } from '../script.ts';
import { seenBy, serverOptions } from './seen.ts';

/** An upgrade out of https, then frames both ways on the bare socket. */
export const cases: Script['cases'] = {
  ...eachVersion('300 messages and 3 MB both ways', (site, version) =>
    talks(site, { minVersion: version, maxVersion: version }),
  ),
  'the same, compressed': (site) => talks(site, { perMessageDeflate: { threshold: 0 } }),
  'a certificate of its own': (site) =>
    talks(site, { cert: text(site.files.clientChain), key: text(site.files.clientKey) }),

  async 'a server that ends it, and one that goes without a word'(site) {
    const one = await opened(site);
    one.send('close');
    const [code, reason] = (await next(one, 'close')) as [number, Buffer];
    const two = await opened(site);
    two.send('terminate');
    const [abrupt] = await next(two, 'close');
    return { code, reason: reason.toString(), abrupt };
  },

  async 'refusals: a root that is not known, another name, no answer'(site) {
    return {
      root: await failureOf(site, { ca: text(site.files.wrongCa) }),
      name: await failureOf(site, { servername: 'other.example.org' }),
      late: await failureOf(site, { handshakeTimeout: 100 }, '/never'),
      other: await failureOf(site, {}, '/refuse'),
    };
  },
};

export const serve: Serve = async (files) => {
  const server = https.createServer(serverOptions(files));
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  server.on('upgrade', (asked, socket, head) => {
    if (asked.url === '/never') return;
    if (asked.url === '/refuse') socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    else
      sockets.handleUpgrade(asked, socket, head, (webSocket) => sockets.emit('connection', webSocket, asked));
  });
  sockets.on('connection', (webSocket, asked) => {
    webSocket.send(JSON.stringify({ ...seenBy(asked.socket), extensions: webSocket.extensions }));
    webSocket.on('message', (data, isBinary) => {
      const said = isBinary ? '' : String(data);
      if (said === 'close') webSocket.close(4001, 'as you like');
      else if (said === 'terminate') webSocket.terminate();
      else webSocket.send(data, { binary: isBinary });
    });
  });
  return { tls: await portOf(server) };
};

async function talks(site: Site, own: ClientOptions & tls.ConnectionOptions): Promise<unknown> {
  const socket = await opened(site, own);
  const heard = socket as typeof socket & { first: Buffer };
  const raw = (socket as unknown as { _socket: unknown })._socket;
  const facts = socketFacts(raw);
  const numbers: string[] = [];
  const all = new Promise<void>((resolve) => {
    const listen = (data: Buffer, isBinary: boolean) => {
      if (isBinary) return;
      if (numbers.push(String(data)) < 300) return;
      socket.off('message', listen);
      resolve();
    };
    socket.on('message', listen);
  });
  for (let i = 0; i < 300; i++) socket.send(`number ${i}`);
  await all;
  const sent = bulk(3_000_000);
  const back = once(socket, 'message');
  socket.send(sent);
  const [received] = (await back) as [Buffer];
  socket.ping('are you there');
  const [pong] = (await once(socket, 'pong')) as [Buffer];
  socket.close(1000);
  const [code] = (await once(socket, 'close')) as [number];
  if (!received.equals(sent) || numbers.some((each, i) => each !== `number ${i}`))
    throw new Error('other messages came back');
  return { facts, seen: JSON.parse(String(heard.first)), pong: String(pong), code };
}

/** Once it is open, and has heard what the server saw. */
async function opened(
  { ports, files }: Site,
  own: ClientOptions & tls.ConnectionOptions = {},
): Promise<WebSocket & { first: Buffer }> {
  const options = { ca: text(files.ca), perMessageDeflate: false, ...own };
  const socket = new WebSocket(`wss://localhost:${ports['tls']}/`, options);
  const [first] = (await next(socket, 'message')) as [Buffer];
  return Object.assign(socket, { first });
}

async function failureOf(
  { ports, files }: Site,
  own: ClientOptions & tls.ConnectionOptions,
  path = '/',
): Promise<unknown> {
  const socket = new WebSocket(`wss://localhost:${ports['tls']}${path}`, { ca: text(files.ca), ...own });
  return next(socket, 'open').then(() => 'opened', errorFacts);
}
