import { alertDescriptions } from '@sealwire/core';
import {
  arbitraryHandshake,
  dissect,
  findPart,
  messageTypes,
  replaceField,
  removeField,
  type Side,
} from '@sealwire/testkit';
import fc, { type Arbitrary } from 'fast-check';
import type { World } from './world.ts';

/** The model is in the ends themselves: what each has said so far, and what must always be true (`end.ts`). */
type Model = Record<never, never>;
export type Walk = fc.Command<Model, World>;

/** One step of a walk, named for the counterexample. */
class Step implements Walk {
  readonly #name: string;
  readonly #run: (world: World) => void;

  constructor(name: string, run: (world: World) => void) {
    this.#name = name;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  run(_: Model, world: World): void {
    this.#run(world);
  }

  toString(): string {
    return this.#name;
  }
}

const side = fc.constantFrom<Side>('client', 'server');
const dataBytes = fc.oneof(fc.nat(40), fc.constantFrom(500, 16_384, 16_385, 40_000));
const amount = fc.oneof(
  fc.constant(Number.POSITIVE_INFINITY),
  fc.integer({ min: 0, max: 40 }),
  fc.nat(2_000),
);

function said(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (length + i) & 0xff);
}

function step<T>(name: string, input: Arbitrary<T>, run: (world: World, value: T) => void): Arbitrary<Walk> {
  return input.map((value) => new Step(`${name}(${fc.stringify(value)})`, (world) => run(world, value)));
}

function exchange(world: World, rounds: number): void {
  for (let i = 0; i < rounds; i++) {
    for (const each of ['server', 'client'] as const) {
      if (!world.ends[each].hasStarted) world.start(each);
      world.drain(each);
      world.answer(each, 'rightly');
      world.drain(each);
      world.deliver(each, Number.POSITIVE_INFINITY);
      world.drain(each);
    }
  }
}

/** What happens all the time, so that walks come somewhere. */
const ordinary: readonly Arbitrary<Walk>[] = [
  step('start', side, (world, by) => world.start(by)),
  step('drain', side, (world, by) => world.drain(by)),
  step('deliver', fc.tuple(side, amount), (world, [to, bytes]) => world.deliver(to, bytes)),
  step('exchange', fc.integer({ min: 1, max: 6 }), (world, rounds) => exchange(world, rounds)),
  step('answer', side, (world, by) => world.answer(by, 'rightly')),
  step('begin', fc.array(dataBytes, { maxLength: 3 }), (world, lengths) => {
    if (!world.ends.client.hasStarted) world.start('client');
    world.drain('client');
    for (const length of lengths) {
      world.answer('client', 'rightly');
      world.drain('client');
      world.send('client', said(length));
    }
  }),
  step('send', fc.tuple(side, dataBytes), (world, [by, length]) => world.send(by, said(length))),
];

/** What an application may do besides. */
const application: readonly Arbitrary<Walk>[] = [
  step('updateKeys', fc.tuple(side, fc.boolean()), (world, [by, requestPeer]) => {
    const end = world.ends[by];
    const before = end.connection.facts.keyUpdatesSent;
    const obeyed = end.call('updateKeys', (each) => each.updateKeys({ requestPeer }));
    world.drain(by);
    if (obeyed !== end.connection.facts.keyUpdatesSent > before)
      throw new Error(`the ${by} miscounts its key updates`);
    if (obeyed && (!end.isWritable || end.hasClosed))
      throw new Error(`the ${by} updates keys when it may not`);
  }),
  step(
    'requestClientAuth',
    fc.tuple(
      fc.constantFrom<Side>('server', 'server', 'client'),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
    ),
    (world, [by, require, count]) => {
      for (let i = 0; i < count; i++) world.requestClientAuth(by, require);
    },
  ),
  step(
    'renegotiate',
    fc.tuple(side, fc.nat(6), fc.constantFrom(0, 0, 1, 2, 6)),
    (world, [by, before, after]) => {
      exchange(world, before);
      world.renegotiate(by);
      exchange(world, after);
    },
  ),
  step('issueTickets', fc.tuple(side, fc.integer({ min: 1, max: 4 })), (world, [by, count]) => {
    const end = world.ends[by];
    const obeyed = end.call('issueTickets', (each) => each.issueTickets(count, world.nowMs));
    world.drain(by);
    if (obeyed && (by === 'client' || end.connection.facts.handshakes === 0)) {
      throw new Error(`the ${by} may not issue tickets`);
    }
  }),
  step('close', side, (world, by) => {
    const end = world.ends[by];
    end.call('close', (each) => each.close());
    world.drain(by);
    // A handshake that is given up is no orderly end for the other side.
    if (!end.isConnected || world.isRenegotiating) world.isDisturbed = true;
    end.hasClosed = true;
  }),
  step('abort', side, (world, by) => {
    world.isDisturbed = true;
    world.ends[by].call('abort', (each) => each.abort('the walk ends here'));
    world.drain(by);
    if (world.ends[by].ended === undefined) throw new Error(`the ${by} lives on after abort`);
  }),
  step('receiveEnd', side, (world, by) => {
    const end = world.ends[by];
    if (!end.hasStarted) return end.misuse('receiveEnd', (each) => each.receiveEnd(world.nowMs));
    world.isDisturbed = true;
    end.call('receiveEnd', (each) => each.receiveEnd(world.nowMs));
    end.inputEnded = true;
    world.drain(by);
  }),
  step('maxSendFragment', fc.tuple(side, fc.integer({ min: 512, max: 16_384 })), (world, [by, bytes]) => {
    world.ends[by].call('maxSendFragment', (each) => (each.maxSendFragment = bytes));
    if (world.ends[by].connection.maxSendFragment !== bytes) throw new Error('maxSendFragment was not kept');
  }),
  step('exportKeyingMaterial', side, (world, by) => {
    const end = world.ends[by];
    world.drain(by);
    const take = () => end.connection.exportKeyingMaterial('EXPORTER-walk', new Uint8Array(0), 16);
    if (end.isConnected && end.ended?.type !== 'failed') end.call('exportKeyingMaterial', take);
    else end.misuse('exportKeyingMaterial', take);
  }),
  step('wait', fc.integer({ min: -1_000, max: 1e9 }), (world, ms) => {
    // Backwards as well: a caller's clock may be set.
    world.nowMs += ms;
    world.hasStrayed = true;
  }),
  step('detach', fc.tuple(side, fc.integer({ min: 512, max: 16_384 })), (world, [by, maxSendFragment]) => {
    const end = world.ends[by];
    // The other end may be about to begin a handshake that ours would refuse.
    if (end.isDetached || world.isRenegotiating) return;
    world.drain(by);
    // Half of a message may have arrived, which a walk cannot see.
    if (!end.isDetachable) end.misuse('detach', () => end.detach(maxSendFragment));
    else if (!world.isDisturbed) end.call('detach', () => end.detach(maxSendFragment));
    world.drain(by);
  }),
];

/** Mistakes: nothing may come of them but ApiMisuseError. */
const mistakes: readonly Arbitrary<Walk>[] = [
  step('misuse', fc.tuple(side, fc.nat(6)), (world, [by, which]) => {
    const end = world.ends[by];
    const now = world.nowMs;
    const wrong: readonly (() => unknown)[] = [
      () => end.connection.receive('bytes' as never, now),
      () => end.connection.receive(new Uint8Array(1), Number.NaN),
      () => end.connection.send([1, 2] as never),
      () => end.connection.updateKeys({} as never),
      () => (end.connection.maxSendFragment = 511),
      () => end.connection.abort(5 as never),
      () => end.connection.exportKeyingMaterial('ä', new Uint8Array(0), 16),
    ];
    end.misuse(`mistake ${which}`, wrong[which]!);
  }),
  step(
    'answer wrongly',
    fc.tuple(side, fc.constantFrom('twice', 'with nonsense') as Arbitrary<'twice'>),
    (world, [by, how]) => {
      world.answer(by, how);
    },
  ),
];

/** What a peer or somebody in between may do. */
const hostile: readonly Arbitrary<Walk>[] = [
  step('refuse', side, (world, by) => world.answer(by, 'refusing')),
  step('flip', fc.tuple(side, fc.nat(), fc.integer({ min: 1, max: 255 })), (world, [to, at, mask]) =>
    world.meddle(to, (bytes) => {
      bytes[at % bytes.length]! ^= mask;
      return bytes;
    }),
  ),
  step('lose', fc.tuple(side, fc.nat(), fc.nat(300)), (world, [to, at, length]) =>
    world.meddle(to, (bytes) => {
      const from = at % bytes.length;
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
    }),
  ),
  step('double', side, (world, to) => world.meddle(to, (bytes) => Buffer.concat([bytes, bytes]))),
  step('inject', fc.tuple(side, fc.uint8Array({ minLength: 1, maxLength: 100 })), (world, [to, bytes]) => {
    if (!world.ends[to].hasStarted) return;
    world.isDisturbed = true;
    world.receive(to, bytes);
  }),
  step('flood', fc.tuple(side, fc.constantFrom(20, 21, 22, 23)), (world, [to, type]) => {
    if (!world.ends[to].hasStarted) return;
    world.isDisturbed = true;
    const record = new Uint8Array([type, 3, 3, 0, 1, 1]);
    for (let i = 0; i < 40; i++) world.receive(to, record);
  }),
];

const helloFields = [
  'extensions.pre_shared_key.identities[0].identity',
  'extensions.pre_shared_key.identities[0].obfuscated_ticket_age',
  'extensions.pre_shared_key.binders[0]',
  'extensions.pre_shared_key',
  'extensions.psk_key_exchange_modes',
  'extensions.early_data',
  'extensions.key_share',
  'random',
] as const;

/** Somebody in between who knows where a ticket and its binder stand. */
const tampering: Arbitrary<Walk> = step(
  'tamper',
  fc.tuple(fc.constantFrom(...helloFields), fc.nat(), fc.integer({ min: 0, max: 255 })),
  (world, [path, at, mask]) =>
    world.tamper((hello) => {
      if (findPart(dissect(hello), path) === undefined) return hello;
      if (mask === 0) return removeField(hello, path);
      return replaceField(hello, path, (content) => {
        const changed = Uint8Array.from(content);
        if (changed.length > 0) changed[at % changed.length]! ^= mask;
        return changed;
      });
    }),
);

/** What only a peer with the keys can say, at any moment. */
const keyed: readonly Arbitrary<Walk>[] = [
  step(
    'rewrite',
    fc.tuple(side, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 })),
    (world, [to, which, at, mask]) =>
      world.rewrite(
        to,
        ({ length }) => (length === 0 ? -1 : which % length),
        (content) => content.map((byte, i) => (i === at % content.length ? byte ^ mask : byte)),
      ),
  ),
  step(
    'say',
    fc.tuple(side, fc.oneof(...messageTypes.map((type) => arbitraryHandshake(type)))),
    (world, [to, message]) => world.speak(to, 22, message),
  ),
  step(
    'say half',
    fc.tuple(side, fc.oneof(...messageTypes.map((type) => arbitraryHandshake(type)))),
    (world, [to, message]) => world.speak(to, 22, message.subarray(0, message.length >> 1)),
  ),
  step(
    'request key update',
    fc.tuple(side, fc.integer({ min: 0, max: 2 }), fc.constantFrom(1, 40)),
    (world, [to, request, count]) => {
      for (let i = 0; i < count; i++) world.speak(to, 22, new Uint8Array([24, 0, 0, 1, request]));
    },
  ),
  step(
    'alert',
    fc.tuple(side, fc.integer({ min: 0, max: 3 }), fc.constantFrom(...Object.values(alertDescriptions))),
    (world, [to, level, description]) => world.speak(to, 21, new Uint8Array([level, description])),
  ),
  step(
    'content',
    fc.tuple(side, fc.integer({ min: 0, max: 30 }), fc.uint8Array({ maxLength: 50 })),
    (world, [to, type, content]) => world.speak(to, type, content),
  ),
];

/** Walks over what lies between as bytes, or as records. */
export function walks(between: 'wire' | 'keys', isHostile: boolean): Arbitrary<Iterable<Walk>> {
  // Often enough the ordinary, or most walks would end before they have come anywhere.
  const quiet = [...Array.from({ length: 6 }, () => ordinary).flat(), ...application, ...mistakes];
  const loud = [tampering, tampering, ...(between === 'wire' ? hostile : [...hostile.slice(0, 1), ...keyed])];
  return fc.commands(isHostile ? [...quiet, ...loud] : quiet, { maxCommands: 60, size: 'max' });
}
