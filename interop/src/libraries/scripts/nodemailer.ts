import { createHash } from 'node:crypto';
import type tls from 'node:tls';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { bulk, eachVersion, portOf, refusal, text } from '../facts.ts';
import type { Script, Serve, Site } from '../script.ts';
import { serverOptions } from './seen.ts';

/** SMTP by both: TLS from the start, and STARTTLS, where both sides take over a socket that has been used. */
export const cases: Script['cases'] = {
  ...eachVersion('a message of 2 MB, STARTTLS', (site, version) => sends(site, 'starttls', version)),
  ...eachVersion('a message of 2 MB, TLS from the start', (site, version) => sends(site, 'tls', version)),

  async 'a pool: 20 messages by two connections'(site) {
    const transport = transportOf(site, 'starttls', {}, { pool: true, maxConnections: 2 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        transport.sendMail({ ...letter, subject: `number ${i}`, text: `${i}` }),
      ),
    );
    transport.close();
    return answers.map(({ accepted }) => accepted);
  },

  async 'refusals: a root that is not known, another name, no STARTTLS'(site) {
    const failure = (...options: Parameters<typeof transportOf>) =>
      refusal(transportOf(...options).sendMail(letter));
    return {
      root: await failure(site, 'tls', { ca: text(site.files.wrongCa) }),
      rootAfterwards: await failure(site, 'starttls', { ca: text(site.files.wrongCa) }),
      name: await failure(site, 'starttls', { servername: 'other.example.org' }),
      hidden: await failure(site, 'hidden'),
      wrong: await failure(site, 'starttls', {}, { secure: true }),
      password: await failure(site, 'starttls', {}, { auth: { user: 'somebody', pass: 'guess' } }),
    };
  },
};

export const serve: Serve = async (files) => {
  const server = (secure: boolean, more = {}) => {
    const smtp = new SMTPServer({
      ...serverOptions(files),
      secure,
      logger: false,
      onAuth: ({ password }, _, done) =>
        password === 'secret' ? done(null, { user: 'somebody' }) : done(new Error('who?')),
      onData(stream, session, done) {
        const hash = createHash('sha256');
        stream.on('data', (bytes: Buffer) => hash.update(bytes));
        const { tlsOptions } = session as { tlsOptions?: { name?: string } | false };
        const how = `${session.secure} ${tlsOptions === false ? 'plain' : tlsOptions?.name}`;
        stream.on('end', () => done(null, `${how} ${hash.digest('hex')}`));
      },
      ...more,
    });
    // Of what is refused the client tells.
    smtp.on('error', () => {});
    return smtp;
  };
  const ports = {
    tls: server(true),
    starttls: server(false),
    hidden: server(false, { disabledCommands: ['STARTTLS'] }),
  };
  const entries = Object.entries(ports).map(async ([name, smtp]) => {
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    return [name, await portOf(smtp.server)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};

async function sends(site: Site, port: string, version: tls.SecureVersion): Promise<unknown> {
  const transport = transportOf(site, port, { minVersion: version, maxVersion: version });
  const attachments = [
    { filename: 'large', content: bulk(1_500_000), contentType: 'application/octet-stream' },
  ];
  const fixed = {
    messageId: '<fixed@example.org>',
    date: new Date(0),
    boundaryPrefix: 'fixed',
    xMailer: false,
  } as const;
  const { accepted, rejected, response } = await transport.sendMail({ ...letter, ...fixed, attachments });
  transport.close();
  return { accepted, rejected, response: response.replace(/ [0-9a-f]{64}$/, ' HASH') };
}

function transportOf(
  { ports, files }: Site,
  port: string,
  own: tls.ConnectionOptions = {},
  more: object = {},
) {
  return createTransport({
    host: 'localhost',
    port: ports[port]!,
    secure: port === 'tls',
    requireTLS: port !== 'tls',
    auth: { user: 'somebody', pass: 'secret' },
    tls: { ca: text(files.ca), ...own },
    ...more,
  } as unknown as string) as unknown as {
    sendMail(mail: object): Promise<{ accepted: string[]; rejected: string[]; response: string }>;
    close(): void;
  };
}

const letter = { from: 'one@example.org', to: 'two@example.org', subject: 'a letter', text: 'its text' };
