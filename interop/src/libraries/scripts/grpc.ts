import tls from 'node:tls';
import * as grpc from '@grpc/grpc-js';
import { bulk, errorFacts, eachVersion, sha256, text } from '../facts.ts';
import type { Script, Serve, Site, SiteFiles } from '../script.ts';

/** http2 with what gRPC asks of the socket: `instanceof tls.TLSSocket`, the certificates of both sides, the cipher. */
export const cases: Script['cases'] = {
  ...eachVersion('calls of every kind, 3 MB both ways', async (site, version) => {
    const client = clientOf(site, { minVersion: version, maxVersion: version });
    const sent = bulk(3_000_000);
    if (sha256(await client.echo(sent)) !== sha256(sent)) throw new Error('other bytes came back');
    const many = await Promise.all(
      Array.from({ length: 50 }, (_, i) => client.echo(Buffer.from(`number ${i}`))),
    );
    const counted = await client.count(500);
    const both = await client.both(100);
    const seen = JSON.parse((await client.seen()).toString()) as unknown;
    const facts = { many: many.map(String), counted, both, seen, socket: await channelz(client.channel) };
    client.close();
    return facts;
  }),

  async 'a certificate of its own: both sides know each other'(site) {
    const key = { cert: text(site.files.clientChain), key: text(site.files.clientKey) };
    const client = clientOf(strict(site), key);
    const seen = JSON.parse((await client.seen()).toString()) as { certificate?: string };
    const facts = { seen, socket: await channelz(client.channel), peer: client.authContext() };
    client.close();
    if (seen.certificate !== 'client p256') throw new Error(`the server saw ${JSON.stringify(seen)}`);
    return facts;
  },

  async 'credentials of the library itself, a deadline, a call that is given up'(site) {
    const client = clientOf(site);
    const late = await errorOf(client.never({ deadline: Date.now() + 100 }));
    const call = client.never({});
    setTimeout(() => call.call.cancel(), 50);
    const cancelled = await errorOf(call);
    const after = String(await client.echo(Buffer.from('after')));
    client.close();
    return { late, cancelled, after };
  },

  async 'refusals: a root that is not known, another name, no certificate where one is wanted'(site) {
    const failure = async (client: ReturnType<typeof clientOf>) => {
      const error = await client.echo(Buffer.from('word')).then(() => 'answered', errorFacts);
      client.close();
      return error;
    };
    return {
      root: await failure(clientOf(site, { ca: text(site.files.wrongCa) })),
      name: await failure(clientOf(site, {}, { 'grpc.ssl_target_name_override': 'other.example.org' })),
      strict: ((await failure(clientOf(strict(site)))) as { code: unknown }).code,
    };
  },
};

export const serve: Serve = async (files) => ({
  tls: await served(files, false),
  strict: await served(files, true),
});

function served({ allCas, serverKey, serverChain }: SiteFiles, isStrict: boolean): Promise<number> {
  const pair = { private_key: Buffer.from(text(serverKey)), cert_chain: Buffer.from(text(serverChain)) };
  const lax = grpc.ServerCredentials.createSsl(Buffer.from(text(allCas)), [pair], isStrict);
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(service, {
    echo: (call, done) => done(null, call.request),
    never: () => {},
    seen: (call, done) => {
      const { transportSecurityType, sslPeerCertificate } = call.getAuthContext();
      const certificate = sslPeerCertificate?.subject?.CN;
      done(null, Buffer.from(JSON.stringify({ transportSecurityType, certificate })));
    },
    count: (call) => {
      for (let i = 0; i < Number(call.request.toString()); i++) call.write(Buffer.from(`${i}`));
      call.end();
    },
    both: (call) => {
      call.on('data', (piece: Buffer) => call.write(piece));
      call.on('end', () => call.end());
    },
  } as Handlers);
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', lax, (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}

type Handlers = {
  readonly echo: grpc.handleUnaryCall<Buffer, Buffer>;
  readonly never: grpc.handleUnaryCall<Buffer, Buffer>;
  readonly seen: grpc.handleUnaryCall<Buffer, Buffer>;
  readonly count: grpc.handleServerStreamingCall<Buffer, Buffer>;
  readonly both: grpc.handleBidiStreamingCall<Buffer, Buffer>;
} & Record<string, grpc.UntypedHandleCall>;

/** Messages are bytes, so that no description is needed. */
const bytes = {
  requestSerialize: (value: Buffer) => value,
  requestDeserialize: (value: Buffer) => value,
  responseSerialize: (value: Buffer) => value,
  responseDeserialize: (value: Buffer) => value,
};
const method = (name: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/sealwire.Trial/${name}`,
  requestStream,
  responseStream,
  ...bytes,
});
const service = {
  echo: method('echo', false, false),
  never: method('never', false, false),
  seen: method('seen', false, false),
  count: method('count', false, true),
  both: method('both', true, true),
} as const satisfies grpc.ServiceDefinition;

function clientOf(
  { ports, files }: Site,
  own: tls.SecureContextOptions = {},
  options: grpc.ClientOptions = {},
) {
  const credentials =
    Object.keys(own).length === 0
      ? grpc.credentials.createSsl(Buffer.from(text(files.ca)))
      : grpc.credentials.createFromSecureContext(
          // As the library itself does.
          tls.createSecureContext({ ca: text(files.ca), ...own }),
        );
  const client = new grpc.Client(`localhost:${ports['tls']}`, credentials, {
    'grpc.max_receive_message_length': -1,
    ...options,
  });
  const { path: _, ...serial } = service.echo;
  const unary = (path: string, request: Buffer, call: grpc.CallOptions = {}) => {
    let started!: grpc.ClientUnaryCall;
    const promise = new Promise<Buffer>((resolve, reject) => {
      const done = (error: grpc.ServiceError | null, value?: Buffer) =>
        error === null ? resolve(value!) : reject(error);
      const { requestSerialize, responseDeserialize } = serial;
      started = client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new grpc.Metadata(),
        call,
        done,
      );
      started.on('metadata', () => (auth = started.getAuthContext()));
    });
    return Object.assign(promise, { call: started });
  };
  let auth: ReturnType<grpc.ClientUnaryCall['getAuthContext']> = null;
  return {
    channel: client.getChannel(),
    close: () => client.close(),
    authContext: () => ({
      type: auth?.transportSecurityType,
      subject: auth?.sslPeerCertificate?.subject?.CN,
    }),
    echo: (request: Buffer) => unary(service.echo.path, request),
    seen: () => unary(service.seen.path, Buffer.alloc(0)),
    never: (call: grpc.CallOptions) => unary(service.never.path, Buffer.alloc(0), call),
    count: async (n: number) => {
      const { path } = service.count;
      const { requestSerialize, responseDeserialize } = serial;
      const call = client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        Buffer.from(`${n}`),
      );
      let heard = 0;
      for await (const piece of call) if (String(piece) === String(heard)) heard += 1;
      return heard;
    },
    both: async (n: number) => {
      const { path } = service.both;
      const call = client.makeBidiStreamRequest(path, serial.requestSerialize, serial.responseDeserialize);
      for (let i = 0; i < n; i++) call.write(Buffer.from(`${i}`));
      call.end();
      let heard = 0;
      for await (const piece of call) if (String(piece) === String(heard)) heard += 1;
      return heard;
    },
  };
}

function strict(site: Site): Site {
  return { ...site, ports: { tls: site.ports['strict']! } };
}

/** What the library shows of its connection to whoever asks from outside. */
async function channelz(channel: ReturnType<grpc.Client['getChannel']>): Promise<unknown> {
  const handlers = (grpc as unknown as { getChannelzHandlers(): Channelz }).getChannelzHandlers();
  const ask = (name: string, request: object) =>
    new Promise<Shown>((resolve, reject) => {
      handlers[name]!({ request }, (error, answer) => (error === null ? resolve(answer!) : reject(error)));
    });
  const found = await ask('GetChannel', { channel_id: channel.getChannelzRef().id });
  const { subchannel } = await ask('GetSubchannel', {
    subchannel_id: found.channel!.subchannel_ref[0]!.subchannel_id,
  });
  const { socket } = await ask('GetSocket', { socket_id: subchannel!.socket_ref[0]!.socket_id });
  const { model, tls: shown } = socket!.security;
  const hash = (der: Uint8Array | null) => der && sha256(der) !== '';
  return {
    model,
    cipher: shown.standard_name ?? shown.other_name,
    local: hash(shown.local_certificate),
    remote: hash(shown.remote_certificate),
    remoteName: socket!.remote_name,
  };
}

type Channelz = Record<string, (call: object, done: (error: Error | null, answer?: Shown) => void) => void>;
interface Shown {
  readonly channel?: { readonly subchannel_ref: readonly { readonly subchannel_id: number }[] };
  readonly subchannel?: { readonly socket_ref: readonly { readonly socket_id: number }[] };
  readonly socket?: {
    readonly remote_name: string;
    readonly security: {
      readonly model: string;
      readonly tls: {
        readonly standard_name?: string;
        readonly other_name?: string;
        readonly local_certificate: Uint8Array | null;
        readonly remote_certificate: Uint8Array | null;
      };
    };
  };
}

function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'answered',
    (error: grpc.ServiceError) => ({ code: error.code, details: error.details.replace(/ after .*/, '') }),
  );
}
