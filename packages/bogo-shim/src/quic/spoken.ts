import type { QuicHandshake } from '@sealwire/core/quic';
import type { Spoken } from '../shim/endpoint-base.ts';
import { NotImplemented } from '../shim/failure.ts';

/** What an exchange asks of its connection, of one that has no records: what QUIC does not have is not implemented. */
export function spokenInQuic(handshake: QuicHandshake): Spoken {
  return {
    get facts() {
      return handshake.facts;
    },
    exportKeyingMaterial: (label, context, length, options) =>
      handshake.exportKeyingMaterial(label, context, length, options),
    get maxSendFragment() {
      return noSuchThing('the size of records');
    },
    set maxSendFragment(_bytes: number) {
      noSuchThing('the size of records');
    },
    channelBinding: () => noSuchThing('tls-unique'),
    updateKeys: () => noSuchThing('KeyUpdate'),
    close: () => noSuchThing('close_notify'),
  };
}

function noSuchThing(what: string): never {
  throw new NotImplemented(`${what} in QUIC`);
}
