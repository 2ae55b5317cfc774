import { once } from 'node:events';
import http2, { type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import type tls from 'node:tls';
import { bulk, eachVersion, portOf, refusal, sha256, text } from '../facts.ts';
import type { Script, Serve, Site } from '../script.ts';
import { seenBy, serverOptions } from './seen.ts';

/** Node's http2, which takes the connection over natively. The server is that of curl and of Chromium, too. */
export const cases: Script['cases'] = {
  ...eachVersion('60 streams at once, 4 MB both ways', async (site, version) => {
    const session = await connected(site, { minVersion: version, maxVersion: version });
    const sent = bulk(4_000_000);
    const large = asked(session, { ':path': '/echo', ':method': 'POST' }, sent);
    const small = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        asked(session, { ':path': '/echo', ':method': 'POST' }, `number ${i}`),
      ),
    );
    if (sha256((await large).body) !== sha256(sent)) throw new Error('other bytes came back');
    const { body } = await asked(session, { ':path': '/' });
    const { encrypted, alpnProtocol, originSet } = session;
    const facts = {
      small: small.map((each) => each.body.toString()),
      seen: JSON.parse(body.toString()),
      session: { encrypted, alpnProtocol, origins: originSet?.length },
      socket: seenBy(session.socket),
    };
    session.close();
    await once(session, 'close');
    return facts;
  }),

  async 'trailers, a reset stream, a ping, a server that says goodbye'(site) {
    const session = await connected(site);
    const { trailers } = await asked(session, { ':path': '/trailers' });
    const reset = await refusal(asked(session, { ':path': '/reset' }));
    const ping = await new Promise((resolve) =>
      session.ping(Buffer.from('8 bytes.'), (_, __, data) => resolve(data.toString())),
    );
    const closed = once(session, 'close');
    const { body } = await asked(session, { ':path': '/goodbye' });
    await closed;
    return { trailers: { sum: trailers['x-sum'] }, reset, ping, last: JSON.parse(body.toString()) };
  },

  async 'a certificate of its own'(site) {
    const session = await connected(site, {
      cert: text(site.files.clientChain),
      key: text(site.files.clientKey),
    });
    const { body } = await asked(session, { ':path': '/' });
    session.close();
    return JSON.parse(body.toString());
  },

  async 'refusals: a root that is not known, another name'(site) {
    return {
      root: await refusal(connected(site, { ca: text(site.files.wrongCa) })),
      name: await refusal(connected(site, { servername: 'other.example.org' })),
    };
  },
};

export const serve: Serve = async (files) => {
  const server = http2.createSecureServer(
    { ...serverOptions(files), allowHTTP1: true },
    (request, response) => {
      if (request.url === '/echo') request.pipe(response);
      else if (request.url === '/page') response.end(page);
      else if (request.url === '/trailers') {
        response.addTrailers({ 'x-sum': '7' });
        response.end('body');
      } else if (request.url === '/reset') request.stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
      else {
        if (request.url === '/goodbye') request.stream.session?.close();
        response.end(JSON.stringify({ ...seenBy(request.socket), version: request.httpVersion }));
      }
    },
  );
  return { tls: await portOf(server) };
};

async function connected(
  { ports, files }: Site,
  own: tls.ConnectionOptions = {},
): Promise<ClientHttp2Session> {
  const session = http2.connect(`https://localhost:${ports['tls']}`, { ca: text(files.ca), ...own });
  await once(session, 'connect');
  return session;
}

interface Answer {
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

function asked(session: ClientHttp2Session, headers: Record<string, string>, body: string | Uint8Array = '') {
  return new Promise<Answer>((resolve, reject) => {
    const stream = session.request(headers);
    const pieces: Buffer[] = [];
    let trailers: IncomingHttpHeaders = {};
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.on('trailers', (each: IncomingHttpHeaders) => {
      trailers = each;
    });
    stream.on('error', reject);
    stream.on('end', () => resolve({ body: Buffer.concat(pieces), trailers }));
    if (body.length > 0) stream.end(body);
    else if (!stream.writableEnded) stream.end();
  });
}

/** In Chromium: 20 requests at once and 2 MB there and back, and by which protocol they went. */
const page = `<!doctype html><title>http2</title><script>
const bytes = new Uint8Array(2_000_000).map((_, i) => (i * 31) % 251);
const post = async (body) => (await fetch('/echo', { method: 'POST', body })).arrayBuffer();
(async () => {
  const words = await Promise.all(Array.from({ length: 20 }, (_, i) => post('number ' + i)));
  const back = new Uint8Array(await post(bytes));
  const [entry] = performance.getEntriesByType('navigation');
  const seen = await (await fetch('/')).json();
  return JSON.stringify({
    words: words.map((each) => new TextDecoder().decode(each)),
    same: back.length === bytes.length && back.every((each, i) => each === bytes[i]),
    protocol: entry.nextHopProtocol,
    seen: { protocol: seen.protocol, alpn: seen.alpn, version: seen.version, cipher: seen.cipher },
  });
})().then((text) => (globalThis.outcome = text), (error) => (globalThis.outcome = String(error)));
</script>`;
