import type { ClientHelloView } from '@sealwire/core';
import type { Flags } from '../flags/table.ts';

/**
 * Suites or groups of equal rank: among those the client's order decides. `ranks` is ours, best first, each rank with what is
 * equal; the result is in the order that serves this client.
 */
export function rankedFor<Value>(ranks: readonly (readonly Value[])[], client: readonly number[]): Value[] {
  const place = (value: Value) => {
    const at = client.indexOf(value as number);
    return at < 0 ? client.length : at;
  };
  return ranks.flatMap((rank) => [...rank].sort((a, b) => place(a) - place(b)));
}

/** `A:[B|C]:D` as ranks of names. */
export function ranksOf(cipher: string): string[][] {
  return cipher.split(/:(?![^[]*\])/).map((rank) => rank.replace(/^\[(.*)\]$/, '$1').split('|'));
}

/** Groups in ranks: a flag of 1 says that a group is as good as the next. */
export function groupRanks(groups: readonly number[], equalWithNext: readonly number[]): number[][] {
  const ranks: number[][] = [];
  for (const [i, group] of groups.entries()) {
    const last = ranks.at(-1);
    if (last !== undefined && equalWithNext[i - 1] === 1) last.push(group);
    else ranks.push([group]);
  }
  return ranks;
}

/** The flags with what is of equal rank put into this client's order. */
export function flagsFor(flags: Flags, hello: ClientHelloView, numberOf: (name: string) => number): Flags {
  const { cipher, curves, 'curves-flags': equal } = flags;
  const order = (name: string) => {
    const at = hello.cipherSuites.indexOf(numberOf(name));
    return at < 0 ? hello.cipherSuites.length : at;
  };
  return {
    ...flags,
    ...(cipher?.includes('[')
      ? {
          cipher: ranksOf(cipher)
            .flatMap((rank) => rank.sort((a, b) => order(a) - order(b)))
            .join(':'),
        }
      : {}),
    ...(equal !== undefined && curves !== undefined
      ? { curves: rankedFor(groupRanks(curves, equal), hello.groups) }
      : {}),
  };
}
