import { ffdheBits, ffdhePrime, type FfdheName } from '../../crypto/ffdhe.ts';
import type { DhParameters } from '../../crypto/provider.ts';
import { InternalError } from '../../errors/tls-error.ts';
import { namedGroups, type NamedGroup } from '../../registry/groups.ts';

/** Groups of RFC 7919 by their bits, smallest first. */
export const fields: ReadonlyMap<NamedGroup, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(ffdheBits).map(([name, bits]) => [namedGroups[name as FfdheName], bits]),
);

/** The numbers of a group as ServerKeyExchange says them; the generator of each is 2. */
export function fieldNumbers(group: NamedGroup): DhParameters {
  let numbers = known.get(group);
  if (numbers === undefined) {
    const name = names.find((each) => namedGroups[each] === group);
    if (name === undefined) throw new InternalError(`no finite field ${group}`);
    numbers = { prime: bytesOf(ffdhePrime(name), ffdheBits[name] / 8), generator: Uint8Array.of(2) };
    known.set(group, numbers);
  }
  return numbers;
}

function bytesOf(number: bigint, length: number): Uint8Array {
  const digits = number.toString(16).padStart(2 * length, '0');
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

const names = /* @__PURE__ */ Object.keys(ffdheBits) as readonly FfdheName[];
const known = /* @__PURE__ */ new Map<NamedGroup, DhParameters>();
