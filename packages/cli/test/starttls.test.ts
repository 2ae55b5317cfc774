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

/** An answer of LDAP of which something is changed: the message id, the operation, the result code. */
const ldapOf = ({ id = [2, 1, 1], operation = 0x78, code = [0x0a, 1, 0], rest = [4, 0, 4, 0] } = {}) => {
  const content = [...code, ...rest];
  const message = [...id, operation, content.length, ...content];
  return [0x30, message.length, ...message];
};
const mysqlOf = (...body: number[]) => Uint8Array.from([body.length, 0, 0, 0, ...body]);
const afterLdap = (...answer: number[]): Script => [
  ['', ldapRequest],
  [Uint8Array.from(answer), undefined],
];

describe('starttls refuses', () => {
  it.each<[(typeof startTlsProtocols)[number], string, string, Script]>([
    [
      'smtp',
      'no to EHLO',
      'an answer to EHLO',
      [
        ['220 a\r\n', /EHLO/],
        ['500 what?\r\n', undefined],
      ],
    ],
    ['smtp', 'a reply without end', 'a reply that ends', [['220-a\r\n'.repeat(300), undefined]]],
    [
      'smtp',
      'no to STARTTLS',
      'yes to STARTTLS',
      [...willing.smtp.slice(0, 2), ['454 not now\r\n', undefined]],
    ],
    ['ftp', 'no to anything', 'a greeting of FTP', [['421 go\r\n', undefined]]],
    ['imap', 'a farewell', 'a greeting of IMAP', [['* BYE no\r\n', undefined]]],
    [
      'imap',
      'lines without end',
      'lines without end',
      [
        ['* OK a\r\n', /STARTTLS/],
        ['* x\r\n'.repeat(200), undefined],
      ],
    ],
    ['pop3', 'a farewell', 'a greeting of POP3', [['-ERR no\r\n', undefined]]],
    [
      'postgres',
      'an error',
      'S, for yes to TLS',
      [
        ['', startsPostgres],
        ['E', undefined],
      ],
    ],
    [
      'xmpp',
      'a failure',
      '<proceed/>',
      [...willing.xmpp.slice(0, 2), ["<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", undefined]],
    ],
    ['mysql', 'an error', 'a greeting of MySQL, got', [[mysqlOf(0xff, 0x10, 4, 0x6e, 0x6f), undefined]]],
    ['mysql', 'another protocol', 'protocol 10', [[mysqlOf(9, 0x35, 0), undefined]]],
    ['mysql', 'a version without end', 'is too short', [[mysqlOf(10, ...Buffer.alloc(40, 0x61)), undefined]]],
    ['mysql', 'half of a greeting', 'is too short', [[mysqlOf(10, 0x38, 0, ...Buffer.alloc(14)), undefined]]],
    ['mysql', 'an empty greeting', 'protocol 10', [[mysqlOf(), undefined]]],
    ['ldap', 'another tag', 'a message of LDAP, got', afterLdap(0x31, 0)],
    ['ldap', 'an indefinite length', 'the length of a message', afterLdap(0x30, 0x80, 0, 0)],
    ['ldap', 'a length of four bytes', 'the length of a message', afterLdap(0x30, 0x84, 0, 0, 0, 1, 0)],
    ['ldap', 'nothing', 'an ExtendedResponse', afterLdap(0x30, 0)],
    ['ldap', 'an id of another type', 'an ExtendedResponse', afterLdap(...ldapOf({ id: [4, 1, 1] }))],
    ['ldap', 'an id of two bytes', 'an ExtendedResponse', afterLdap(...ldapOf({ id: [2, 2, 1, 1] }))],
    ['ldap', 'another id', 'an ExtendedResponse', afterLdap(...ldapOf({ id: [2, 1, 0] }))],
    ['ldap', 'another operation', 'an ExtendedResponse', afterLdap(...ldapOf({ operation: 0x65 }))],
    ['ldap', 'a code of another type', 'an ExtendedResponse', afterLdap(...ldapOf({ code: [2, 1, 0] }))],
    ['ldap', 'a code of two bytes', 'an ExtendedResponse', afterLdap(...ldapOf({ code: [0x0a, 2, 0, 0] }))],
    ['ldap', 'no code', 'an ExtendedResponse', afterLdap(...ldapOf({ code: [], rest: [] }))],
    [
      'ldap',
      'a code longer than what holds it',
      'an ExtendedResponse',
      afterLdap(...ldapOf({ code: [0x0a, 9, 0], rest: [] })),
    ],
    [
      'ldap',
      'a length that is cut off',
      'an ExtendedResponse',
      afterLdap(...ldapOf({ code: [0x0a, 0x82, 0], rest: [] })),
    ],
    [
      'ldap',
      'a code with a length of four bytes',
      'an ExtendedResponse',
      afterLdap(...ldapOf({ code: [0x0a, 0x84, 0, 0, 0, 1, 0], rest: [] })),
    ],
  ])('%s: %s', async (protocol, _, expected, script) => {
    const port = await scripted(script, speakTls);
    const asked = ['connect', `localhost:${port}`, '-starttls', protocol, ...args];
    const { code, stdout, stderr } = await run(asked);
    expect(stderr).toContain('check: starttls.refused');
    expect(stderr).toContain(expected);
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
  });

  it('no length of LDAP for being written long', async () => {
    const [, length, ...message] = ldapOf({ code: [0x0a, 0x81, 1, 0] });
    const port = await scripted(afterLdap(0x30, 0x82, 0, length!, ...message), speakTls);
    const { code, stdout } = await run(['connect', `localhost:${port}`, '-starttls', 'ldap', ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'inside' });
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
