import type { GroupName, KeyExchangeGroup, KeyExchangeKey } from '@sealwire/core';
import { concat } from '../bytes.ts';

/**
 * Hybrid key exchange by plain concatenation (draft-ietf-tls-ecdhe-mlkem §4): shares, secrets and private
 * bytes of the parts stand one after the other, in the order given here. Works on any provider's groups.
 */
export function hybridGroup(
  name: GroupName,
  first: KeyExchangeGroup,
  second: KeyExchangeGroup,
  firstPrivateBytes: number,
): KeyExchangeGroup {
  function exchangeKey(a: KeyExchangeKey, b: KeyExchangeKey): KeyExchangeKey {
    return {
      share: concat([a.share, b.share]),
      finish(serverShare) {
        if (serverShare.length !== first.serverShareBytes + second.serverShareBytes) return undefined;
        const one = a.finish(serverShare.subarray(0, first.serverShareBytes));
        const two = b.finish(serverShare.subarray(first.serverShareBytes));
        return one && two && concat([one, two]);
      },
      exportPrivate: () => concat([a.exportPrivate(), b.exportPrivate()]),
      wipe() {
        a.wipe();
        b.wipe();
      },
    };
  }

  return {
    name,
    clientShareBytes: first.clientShareBytes + second.clientShareBytes,
    serverShareBytes: first.serverShareBytes + second.serverShareBytes,
    generate(source) {
      const a = first.generate(source);
      return exchangeKey(a, second.generate(source));
    },
    restore(privateBytes) {
      const a = first.restore(privateBytes.subarray(0, firstPrivateBytes));
      const b = second.restore(privateBytes.subarray(firstPrivateBytes));
      return a && b && exchangeKey(a, b);
    },
    respond(clientShare, source) {
      if (clientShare.length !== first.clientShareBytes + second.clientShareBytes) return undefined;
      const a = first.respond(clientShare.subarray(0, first.clientShareBytes), source);
      if (a === undefined) return undefined;
      const b = second.respond(clientShare.subarray(first.clientShareBytes), source);
      return b && { share: concat([a.share, b.share]), secret: concat([a.secret, b.secret]) };
    },
  };
}
