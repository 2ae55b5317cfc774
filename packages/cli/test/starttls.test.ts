import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { secure } from '@sealwire/node-transport';
import { startTlsProtocols } from '../src/starttls/protocols.ts';
import { paths, pki, run } from './run.ts';

/** What a server says, and what it then waits for; the last is the answer after which TLS begins. */
type Script = readonly (readonly [says: string | Uint8Array, hears: RegExp | undefined])[];

const startsPostgres = /^\u0000\u0000\u0000\u0008\u0004\u00d2\u0016\u002f$/;
const ldapRequest = /^0\u001d\u0002\u0001\u0001w\u0018\u0080\u00161\.3\.6\.1\.4\.1\.1466\.20037$/;
const ldapAnswer = (code: number, ...diagnostic: number[]) =>
  Uint8Array.of(
    0x30,
    12 + diagnostic.length,
    2,
    1,
    1,
    0x78,
    7 + diagnostic.length,
    0x0a,
    1,
    code,
    4,
    0,
    4,
    diagnostic.length,
    ...diagnostic,
  );
const mysqlGreeting = (capabilities: number) => {
  const body = [
    10,
    ...Buffer.from('8.0\0'),
    1,
    0,
    0,
    0,
    ...Buffer.alloc(8, 0x61),
    0,
    capabilities & 0xff,
    capabilities >> 8,
    45,
    2,
    0,
    0,
    0,
    21,
  ];
  return Uint8Array.from([body.length, 0, 0, 0, ...body]);
};
const xmppStream =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
const xmppFeatures =
  "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>";

const willing: Readonly<Record<(typeof startTlsProtocols)[number], Script>> = {
  smtp: [
    ['220-mail.example\r\n220 ready\r\n', /^EHLO client\.example\r\n$/],
    ['250-mail.example\r\n250-SIZE 1000\r\n250 STARTTLS\r\n', /^STARTTLS\r\n$/],
    ['220 go ahead\r\n', undefined],
  ],
  imap: [
    ['* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n', /^a1 STARTTLS\r\n$/],
    ['* something else\r\na1 OK begin\r\n', undefined],
  ],
  pop3: [
    ['+OK ready\r\n', /^STLS\r\n$/],
    ['+OK begin\r\n', undefined],
  ],
  xmpp: [
    ['', /^<\?xml.*to='client\.example' version='1\.0'>$/],
    [xmppStream + xmppFeatures, /^<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/],
    ["<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", undefined],
  ],
  postgres: [
    ['', startsPostgres],
    ['S', undefined],
  ],
  mysql: [
    [mysqlGreeting(0xffff), /^\u0020\u0000\u0000\u0001[\s\S]{32}/],
    ['', undefined],
  ],
  ldap: [
    ['', ldapRequest],
    [ldapAnswer(0), undefined],
  ],
  ftp: [
    ['220-hello\r\n there\r\n220 ready\r\n', /^AUTH TLS\r\n$/],
    ['234 begin\r\n', undefined],
  ],
};

const unwilling: Readonly<Record<(typeof startTlsProtocols)[number], Script>> = {
  smtp: [
    ['220 ready\r\n', /EHLO/],
    ['250 mail.example\r\n', undefined],
  ],
  imap: [
    ['* OK ready\r\n', /STARTTLS/],
    ['a1 BAD \u001b[31mno\r\n', undefined],
  ],
  pop3: [
    ['+OK ready\r\n', /STLS/],
    ['-ERR no\r\n', undefined],
  ],
  xmpp: [
    ['', /version/],
    [`${xmppStream}<stream:features/>`, undefined],
  ],
  postgres: [
    ['', startsPostgres],
    ['N', undefined],
  ],
  mysql: [[mysqlGreeting(0xf7ff), undefined]],
  ldap: [
    ['', ldapRequest],
    [ldapAnswer(2, 0x6e, 0x6f), undefined],
  ],
  ftp: [
    ['220 ready\r\n', /AUTH TLS/],
    ['502 no\r\n', undefined],
  ],
};

const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** A server that says its lines; then it speaks TLS, or not. */
async function scripted(script: Script, after: (socket: Socket) => Promise<void>): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    play(script, socket)
      .then(() => after(socket))
      .catch(() => socket.destroy());
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

async function play(script: Script, socket: Socket): Promise<void> {
  for (const [says, hears] of script) {
    if (says.length > 0) socket.write(says);
    if (hears === undefined) return;
    let heard = '';
    while (!hears.test(heard)) {
      if (socket.readableLength === 0) await once(socket, 'readable');
      heard += (socket.read() as Buffer | null)?.toString('latin1') ?? '';
    }
    // MySQL's client waits for no answer: what follows is TLS already.
    socket.unshift(Buffer.from(heard.slice(hears.exec(heard)![0].length), 'latin1'));
  }
}

async function speakTls(socket: Socket): Promise<void> {
  const stream = await secure(socket, { role: 'server', ...pki.server });
  await stream.send('inside');
  await stream.close();
}

const args = [
  '-CAfile',
  paths.root,
  '-name',
  'client.example',
  '-quiet',
  '-no_ign_eof',
  '--handshake-timeout',
  '20',
];

describe.each(startTlsProtocols)('starttls %s', (protocol) => {
  it('speaks the protocol until TLS begins', async () => {
    const port = await scripted(willing[protocol], speakTls);
    const { code, stdout, stderr } = await run([
      'connect',
      `localhost:${port}`,
      '-starttls',
      protocol,
      ...args,
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'inside', stderr: '' });
  });

  it('refuses bytes in the clear behind the answer', async () => {
    const script = [...willing[protocol]];
    const [says, hears] = script.at(-1)!;
    const injected = Buffer.concat([Buffer.from(says), Buffer.from('* injected\r\n')]);
    script[script.length - 1] = [injected, hears];
    const port = await scripted(script, speakTls);
    const { code, stdout, stderr } = await run([
      'connect',
      `localhost:${port}`,
      '-starttls',
      protocol,
      ...args,
    ]);
    expect(stdout).toBe('');
    // The last word of MySQL is the client's, behind which no answer comes: there TLS refuses what is none of it.
    expect(stderr).toMatch(
      protocol === 'mysql' ? /check: (starttls\.injected|peer\.)/ : /check: starttls\.injected/,
    );
    expect(code).toBe(protocol === 'mysql' ? 5 : 8);
  });

  it('says that a server does not want to', async () => {
    const port = await scripted(unwilling[protocol], async () => {});
    const { code, stderr } = await run([
      'connect',
      `localhost:${port}`,
      '-starttls',
      protocol,
      ...args,
      '--json',
    ]);
    expect(code).toBe(8);
    expect(stderr).toMatch(/check: starttls\.(notOffered|refused)/);
    expect(stderr).not.toContain('\u001b');
  });
});

describe('starttls', () => {
  it('ends with what the server does instead: nothing, nonsense without end, or leaving', async () => {
    const endless = await scripted([['x'.repeat(70_000), undefined]], async () => {});
    expect((await run(['connect', `localhost:${endless}`, '-starttls', 'imap'])).stderr).toContain(
      'starttls.tooMuch',
    );
    const leaving = await scripted([['220 ready\r\n', undefined]], async (socket) => void socket.end());
    expect((await run(['connect', `localhost:${leaving}`, '-starttls', 'ftp'])).code).toBe(4);
    const silent = await scripted([['', undefined]], async () => {});
    const { code, stderr } = await run([
      'connect',
      `localhost:${silent}`,
      '-starttls',
      'pop3',
      '-handshake-timeout',
      '0.2',
    ]);
    expect(stderr).toContain('starttls.timeout');
    expect(code).toBe(8);
    const nonsense = await scripted([['HTTP/1.1 400 Bad Request\r\n\r\n', undefined]], async () => {});
    expect((await run(['connect', `localhost:${nonsense}`, '-starttls', 'smtp'])).stderr).toContain(
      'starttls.refused',
    );
  });
});

describe('a proxy of HTTP', () => {
  const asked = /^CONNECT localhost:2525 HTTP\/1\.1\r\nHost: localhost:2525\r\n\r\n$/;
  const granted = 'HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n';
  const through = (port: number, ...more: string[]) =>
    run(['connect', 'localhost:2525', '-proxy', `127.0.0.1:${port}`, ...more, ...args]);

  it('is asked for a tunnel, and the server behind it is the one that is verified', async () => {
    const port = await scripted(
      [
        ['', asked],
        [granted, undefined],
      ],
      speakTls,
    );
    expect(await through(port)).toMatchObject({ code: 0, stdout: 'inside', stderr: '' });
    const other = await scripted(
      [
        ['', asked],
        [granted, undefined],
      ],
      speakTls,
    );
    expect(await through(other, '-servername', 'elsewhere.example')).toMatchObject({ code: 6, stdout: '' });
  });

  it('may bring the greeting of the server with its answer', async () => {
    const [[greeting, hears], ...rest] = willing.smtp as [Script[number], ...Script];
    const port = await scripted([['', asked], [`${granted}${greeting}`, hears], ...rest], speakTls);
    expect(await through(port, '-starttls', 'smtp')).toMatchObject({ code: 0, stdout: 'inside' });
  });

  it('may refuse, or never come to an end', async () => {
    const refusing = await scripted(
      [
        ['', asked],
        ['HTTP/1.1 403 No\r\n\r\n', undefined],
      ],
      speakTls,
    );
    const refused = await through(refusing);
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain('the proxy answered HTTP/1.1 403 No');
    const endless = await scripted(
      [
        ['', asked],
        [`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(200)}`, undefined],
      ],
      speakTls,
    );
    expect(await through(endless)).toMatchObject({ code: 8, stdout: '' });
    expect((await through(1, '-unix', '/tmp/x')).code).toBe(2);
  });
});
