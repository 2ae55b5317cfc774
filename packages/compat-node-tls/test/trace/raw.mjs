/**
 * Messages as bytes, good and broken, that a peer might send: what a trace shows of them is compared with the builtin's. Plain
 * JavaScript, since a child process sends them to the builtin.
 */
const u8 = (n) => Buffer.of(n);
const u16 = (n) => Buffer.of((n >> 8) & 255, n & 255);
const u24 = (n) => Buffer.of((n >> 16) & 255, (n >> 8) & 255, n & 255);
const v8 = (...parts) => Buffer.concat([u8(Buffer.concat(parts).length), ...parts]);
const v16 = (...parts) => Buffer.concat([u16(Buffer.concat(parts).length), ...parts]);
const v24 = (...parts) => Buffer.concat([u24(Buffer.concat(parts).length), ...parts]);
const zeros = (length, value = 0) => Buffer.alloc(length, value);
const message = (type, ...parts) => Buffer.concat([u8(type), v24(...parts)]);
const extension = (type, ...parts) => Buffer.concat([u16(type), v16(...parts)]);
const numbers = (values) => Buffer.concat(values.map(u16));
const range = (from, to) => Array.from({ length: to - from }, (_, index) => from + index);

function clientHello({ suites = [0x1301], extensions = [], methods = [0], rest = [] }) {
  const block = extensions.length > 0 ? [v16(...extensions)] : [];
  return message(
    1,
    ...[u16(0x303), zeros(32, 7), v8(zeros(32, 1)), v16(numbers(suites)), v8(Buffer.from(methods))],
    ...block,
    ...rest,
  );
}

function serverHello(suite, ...extensions) {
  const block = extensions.length > 0 ? [v16(...extensions)] : [];
  return message(2, u16(0x303), zeros(32, 8), v8(), u16(suite), u8(0), ...block);
}

const secure = extension(0xff01, v8());
const ecdhe = serverHello(0xc02b, secure);

/** What a server is sent: each is one ClientHello. Of the suites those are left out that OpenSSL has no name for. */
export const hellos = {
  'all suites': clientHello({
    suites: [
      ...range(0, 0xc6),
      ...range(0xc8, 0x200),
      ...range(0x1300, 0x1310),
      ...range(0xc000, 0xc0b4),
      ...range(0xcca0, 0xccb0),
    ],
  }),
  'all groups': clientHello({
    extensions: [
      extension(
        10,
        v16(numbers([...range(0, 70), ...range(250, 265), ...range(0x200, 0x210), ...range(0x11e8, 0x11f4)])),
      ),
    ],
  }),
  'all schemes': clientHello({
    extensions: [extension(13, v16(numbers([...range(0x200, 0x210), ...range(0x300, 0x910), 0x0a0a])))],
  }),
  'all extensions that are not read': clientHello({
    extensions: [
      ...[0, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14, 18, 21, 22, 23, 44, 47, 49, 50, 60, 13172],
      0x0a0a,
    ].map((type) => extension(type, Buffer.from('\x01\x02~\x7f and more than sixteen'))),
  }),
  'extensions that are read': clientHello({
    methods: [0, 1, 64],
    extensions: [
      extension(45, v8(Buffer.of(0, 1, 2, 200))),
      extension(11, v8(Buffer.of(0, 1, 2, 3))),
      extension(43, v8(numbers([0x304, 0x303, 0x302, 0x301, 0x300, 0x7f1c, 0xfeff, 2]))),
      extension(1, Buffer.of(1)),
      extension(16, v16(v8(Buffer.from('h2')), v8(Buffer.from('http/1.1')))),
      extension(51, v16(u16(29), v16(zeros(32, 5)), u16(0x0a0a), v16(Buffer.of(1)))),
      extension(42),
      extension(35, zeros(40, 9)),
      extension(0xff01, v8(zeros(12, 1))),
      extension(41, v16(v16(zeros(9, 1)), Buffer.of(1, 2, 3, 4)), v16(v8(zeros(32, 3)))),
    ],
  }),
  'no extensions': clientHello({}),
  'extensions that are empty': clientHello({ rest: [u16(0)] }),
  'an odd list of groups': clientHello({ extensions: [extension(10, v16(Buffer.of(0, 29, 0)))] }),
  'a list that is shorter than it says': clientHello({ extensions: [extension(13, u16(9), u16(0x403))] }),
  'a key share that is shorter than it says': clientHello({
    extensions: [extension(51, v16(u16(29), u16(40), zeros(32)))],
  }),
  'an extension that is cut off': clientHello({ rest: [v16(Buffer.of(0, 23, 0, 9, 1))] }),
  'a type that is cut off': clientHello({ rest: [v16(Buffer.of(0, 23, 0))] }),
  'suites that are cut off': message(1, u16(0x303), zeros(32, 7), v8(), u16(9), u16(0x1301)),
  'a random that is cut off': message(1, u16(0x303), zeros(9)),
};

/** What a client is sent before TLS 1.3: messages, each in a record of its own. `certificate` is DER. */
export const flights = (certificate) => {
  const chain = message(11, v24(v24(certificate)));
  const curve = (...parts) => [ecdhe, chain, message(12, ...parts)];
  const named = [u8(3), u16(29), v8(zeros(32, 9))];
  return {
    'no extensions': [serverHello(0xc02b)],
    'extensions of a server': [
      serverHello(0xc02b, secure, ...[extension(23), extension(35), extension(11, v8(u8(0)))]),
    ],
    'a ServerHello that is cut off': [message(2, Buffer.of(3, 3, 1, 2))],
    'bytes behind ServerHello': [
      message(2, u16(0x303), zeros(32, 8), v8(), u16(0xc02b), u8(0), u16(0), u16(9)),
    ],
    'halves of a renegotiation': [serverHello(0xc02b, extension(0xff01, v8(zeros(24, 3))))],
    'a chain and a curve': curve(...named, u16(0x403), v16(zeros(70, 5))),
    'a status': [
      serverHello(0xc02b, secure, extension(5)),
      chain,
      message(22, u8(1), v24(Buffer.from('response'))),
    ],
    'a curve of an unknown type': curve(Buffer.of(9, 2, 3)),
    'bytes behind a signature': curve(...named, u16(0x403), v16(zeros(70, 5)), u8(1)),
    'a signature that is cut off': curve(...named, u16(0x403), u16(71), zeros(70, 5)),
    'a certificate that is none': [ecdhe, message(11, v24(v24(Buffer.from('junk'))))],
    'a chain that is cut off': [ecdhe, message(11, u24(100), u24(50))],
    'a certificate that is cut off': [ecdhe, message(11, v24(u24(50)))],
    'a chain that is empty': [ecdhe, message(11, v24())],
    'a HelloRequest': [message(0)],
  };
};

/** A record of the handshake. */
export function record(content) {
  return Buffer.concat([Buffer.of(22, 3, 3), v16(content)]);
}
