import type tls from 'node:tls';
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { bulk, eachVersion, refusal, sha256, socketFacts, text } from '../facts.ts';
import type { Script, Site } from '../script.ts';

/** IMAP over TLS from the start and by STARTTLS over a socket that has spoken before. */
export const cases: Script['cases'] = {
  ...eachVersion('a message of 2 MB there and back', (site, version) => works(site, 'tls', version)),
  ...eachVersion('the same after STARTTLS', (site, version) => works(site, 'starttls', version)),

  async 'two clients: one hears what the other does'(site) {
    const [one, two] = [clientOf(site, 'tls'), clientOf(site, 'starttls')];
    await Promise.all([one.connect(), two.connect()]);
    await one.mailboxOpen('INBOX');
    const heard = new Promise<number>((resolve) =>
      one.once('exists', ({ count }: { count: number }) => resolve(count)),
    );
    const before = one.mailbox === false ? 0 : one.mailbox.exists;
    const idle = one.idle();
    await two.append('INBOX', 'Subject: news\r\n\r\nheard\r\n');
    const gained = (await heard) - before;
    await one.noop();
    await idle;
    await Promise.all([one.logout(), two.logout()]);
    return { gained };
  },

  async 'refusals: a root that is not known, another name, a wrong password'(site) {
    return {
      root: await refusal(clientOf(site, 'tls', { ca: text(site.files.wrongCa) }).connect()),
      name: await refusal(clientOf(site, 'tls', {}, { servername: 'other.example.org' }).connect()),
      afterwards: await refusal(clientOf(site, 'starttls', { ca: text(site.files.wrongCa) }).connect()),
      password: await refusal(
        clientOf(site, 'starttls', {}, { auth: { user: 'somebody', pass: 'guess' } }).connect(),
      ),
    };
  },
};

async function works(site: Site, port: 'tls' | 'starttls', version: tls.SecureVersion): Promise<unknown> {
  const client = clientOf(site, port, { minVersion: version, maxVersion: version });
  await client.connect();
  const socket = socketFacts((client as unknown as { socket: unknown }).socket);
  const folder = `${port} ${version} ${process.pid}`;
  await client.mailboxCreate(folder);
  const body = bulk(1_500_000).toString('base64').replace(/.{76}/g, '$&\r\n');
  const message = `Subject: large\r\nContent-Type: text/plain\r\n\r\n${body}\r\n`;
  await client.append(folder, message);
  await client.append(folder, 'Subject: small\r\n\r\nsmall\r\n');
  const lock = await client.getMailboxLock(folder);
  const subjects: (string | undefined)[] = [];
  for await (const { envelope } of client.fetch('1:*', { envelope: true })) subjects.push(envelope?.subject);
  const fetched = await client.fetchOne('1', { source: true });
  const same = fetched && fetched.source !== undefined && sha256(fetched.source) === sha256(message);
  const searched = await client.search({ subject: 'small' });
  lock.release();
  await client.logout();
  if (!same) throw new Error('another message came back');
  return { socket, subjects, searched, secureConnection: client.secureConnection };
}

function clientOf(
  { ports, files }: Site,
  port: 'tls' | 'starttls',
  own: tls.ConnectionOptions = {},
  more: Partial<ImapFlowOptions> = {},
): ImapFlow {
  const client = new ImapFlow({
    host: 'localhost',
    port: ports[port]!,
    secure: port === 'tls',
    doSTARTTLS: port === 'starttls',
    auth: { user: 'somebody', pass: 'secret' },
    logger: false,
    ...more,
    tls: { ca: text(files.ca), ...own },
  } as ImapFlowOptions);
  // Besides what its promises say.
  client.on('error', () => {});
  return client;
}
