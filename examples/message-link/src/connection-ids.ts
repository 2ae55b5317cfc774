import type { RandomSource } from '@sealwire/core';
import { encodeParameters, parameterIds, Parameters } from './parameters.ts';

/** Connection IDs (RFC 9000 §5.1), one for each side, and the transport parameters that vouch for them. */
export class ConnectionIds {
  readonly own: Uint8Array;
  peer: Uint8Array;
  /** Client: what its first packets are addressed to; server: from the first packet that came. */
  original: Uint8Array | undefined;
  readonly #role: 'client' | 'server';

  constructor(role: 'client' | 'server', random: RandomSource) {
    this.#role = role;
    this.own = random(8);
    this.peer = random(8);
  }

  ownParameters(): Uint8Array {
    const ids = parameterIds;
    const parameters = new Map<number, number | Uint8Array>([
      [ids.maxIdleTimeout, 30_000],
      [ids.maxUdpPayloadSize, 1472],
      [ids.initialMaxData, windowBytes],
      [ids.initialMaxStreamDataBidiLocal, windowBytes],
      [ids.initialMaxStreamDataBidiRemote, windowBytes],
      [ids.initialMaxStreamsBidi, 16],
      [ids.initialSourceConnectionId, this.own],
    ]);
    if (this.#role === 'server' && this.original !== undefined)
      parameters.set(ids.originalDestinationConnectionId, this.original);
    return encodeParameters(parameters);
  }

  /** RFC 9000 §7.3: connection IDs that somebody has changed on the way are found here, because TLS vouches for the parameters. */
  areThoseOf(peerParameters: Uint8Array | undefined): boolean {
    const theirs = new Parameters(peerParameters ?? new Uint8Array(0));
    const same = (id: number, expected: Uint8Array | undefined) =>
      theirs.bytes(id)?.join() === expected?.join();
    const { initialSourceConnectionId, originalDestinationConnectionId } = parameterIds;
    const expected = this.#role === 'client' ? this.original : undefined;
    return same(initialSourceConnectionId, this.peer) && same(originalDestinationConnectionId, expected);
  }
}

const windowBytes = 1 << 20;
