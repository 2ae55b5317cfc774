import { type AddressInfo, connect as connectPlain, createServer, type Socket } from 'node:net';
import { alone, type Scenario, type Stage } from '../scenario.ts';
import { once } from './meeting.ts';

/** What a peer without TLS does as soon as it is there. */
interface Peer {
  readonly name: string;
  readonly act: (raw: Socket) => void;
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const sends = (bytes: string | Buffer) => (raw: Socket) => void raw.end(bytes);
/** When it has heard something. */
const answers = (bytes: string | Buffer) => (raw: Socket) => void raw.once('data', () => raw.end(bytes));

const servers: readonly Peer[] = [
  { name: 'closes at once', act: (raw) => void raw.end() },
  { name: 'closes after the hello', act: (raw) => void raw.once('data', () => raw.end()) },
  { name: 'resets after the hello', act: (raw) => void raw.once('data', () => raw.resetAndDestroy()) },
  { name: 'speaks HTTP', act: answers('HTTP/1.1 400 Bad Request\r\n\r\n') },
  { name: 'greets as SMTP', act: answers('220 mail.example.org ESMTP\r\n') },
  { name: 'sends zeros', act: answers(Buffer.alloc(100)) },
  { name: 'sends half a record', act: answers(hex('16 0303 0040 02')) },
  { name: 'sends an alert: handshake_failure', act: answers(hex('15 0303 0002 02 28')) },
  { name: 'sends an alert: protocol_version', act: answers(hex('15 0301 0002 02 46')) },
  { name: 'sends an alert: internal_error', act: answers(hex('15 0303 0002 02 50')) },
  { name: 'sends an alert: unrecognized_name', act: answers(hex('15 0303 0002 02 70')) },
  { name: 'sends an alert that nobody knows', act: answers(hex('15 0303 0002 02 ee')) },
  { name: 'sends close_notify', act: answers(hex('15 0303 0002 01 00')) },
  { name: 'sends an alert that is too short', act: answers(hex('15 0303 0001 02')) },
  { name: 'sends application data', act: answers(hex('17 0303 0003 010203')) },
  { name: 'sends ChangeCipherSpec', act: answers(hex('14 0303 0001 01')) },
  { name: 'sends an empty record', act: answers(hex('16 0303 0000')) },
  { name: 'sends a record too long', act: answers(hex('16 0303 ffff 0200')) },
  { name: 'sends a record of SSL 2', act: answers(hex('80 2e 01 0302')) },
  { name: 'sends a record of an unknown kind', act: answers(hex('63 0303 0002 0000')) },
  { name: 'sends Finished first', act: answers(hex('16 0303 0010 1400000c 000000000000000000000000')) },
  { name: 'sends ServerHello that is too short', act: answers(hex('16 0303 0006 02000002 0303')) },
  { name: 'sends ServerHelloDone', act: answers(hex('16 0303 0004 0e000000')) },
  {
    name: 'sends HelloRequest',
    act: (raw) => void raw.once('data', () => raw.end(hex('16 0303 0004 00000000'))),
  },
];

const hello = `16 0301 002f 0100002b 0303${'00'.repeat(32)}00 0002 c02b 01 00 0000`;

const clients: readonly Peer[] = [
  { name: 'closes at once', act: (raw) => void raw.end() },
  { name: 'resets at once', act: (raw) => void raw.resetAndDestroy() },
  { name: 'speaks HTTP', act: sends('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n') },
  { name: 'speaks to a proxy', act: sends('CONNECT localhost:443 HTTP/1.1\r\n\r\n') },
  { name: 'sends zeros', act: sends(Buffer.alloc(100)) },
  { name: 'sends text', act: sends('hello, is this TLS?\r\n') },
  { name: 'sends half a record', act: sends(hex('16 0301 0040 01')) },
  { name: 'sends an alert', act: sends(hex('15 0303 0002 02 28')) },
  { name: 'sends close_notify', act: sends(hex('15 0303 0002 01 00')) },
  { name: 'sends application data', act: sends(hex('17 0303 0003 010203')) },
  { name: 'sends ChangeCipherSpec', act: sends(hex('14 0303 0001 01')) },
  { name: 'sends an empty record', act: sends(hex('16 0301 0000')) },
  { name: 'sends a record too long', act: sends(hex('16 0301 ffff 0100')) },
  { name: 'sends a record of an unknown kind', act: sends(hex('63 0303 0002 0000')) },
  { name: 'sends ServerHello', act: sends(hex('16 0303 0006 02000002 0303')) },
  { name: 'sends ClientHello that is too short', act: sends(hex('16 0301 0006 01000002 0303')) },
  { name: 'sends ClientHello with a suite that nobody has', act: sends(hex(hello.replace('c02b', '0001'))) },
  { name: 'sends ClientHello of SSL 3', act: sends(hex(hello.replace('0100002b 0303', '0100002b 0300'))) },
  { name: 'sends ClientHello of TLS 1.0', act: sends(hex(hello.replace('0100002b 0303', '0100002b 0301'))) },
  { name: 'sends ClientHello of SSL 2', act: sends(hex(`80 2e 01 0301 0015 0000 0010${'00'.repeat(37)}`)) },
  { name: 'sends ClientHello, and closes', act: sends(hex(hello)) },
];

async function visited(stage: Stage, { act }: Peer): Promise<void> {
  const server = stage.server.createServer(stage.pki.server);
  stage.cleanUp(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.onServer.listen(server, ['secureConnection', 'tlsClientError']);
  const failed = once(server, 'tlsClientError');
  const raw = connectPlain((server.address() as AddressInfo).port, '127.0.0.1');
  stage.cleanUp(() => raw.destroy());
  raw.on('error', () => {});
  await once(raw, 'connect');
  act(raw);
  const [, socket] = (await failed) as [Error, Socket];
  if (!socket.destroyed) await once(socket, 'close');
}

async function visits(stage: Stage, { act }: Peer): Promise<void> {
  const server = createServer((raw) => {
    stage.cleanUp(() => raw.destroy());
    raw.on('error', () => {});
    act(raw);
    raw.resume();
  });
  stage.cleanUp(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = stage.client.connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: stage.pki.root,
  });
  stage.cleanUp(() => client.destroy());
  stage.onClient.listen(client, ['secureConnect', 'secure', 'end', 'error', 'close']);
  await once(client, 'close');
}

export const peerScenarios: readonly Scenario[] = [
  ...alone('a server that', servers, visits),
  ...alone('a client that', clients, visited),
];
