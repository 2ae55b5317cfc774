import type { CryptoProvider } from '@sealwire/core';
import { dhField, finiteFieldGroup as nobleGroup } from '@sealwire/crypto-noble';
import { groups } from './groups.ts';
import { finiteFieldGroup } from './finite-field.ts';

/** Groups by their numbers, where the runtime takes such numbers at all. */
export const dh: NonNullable<CryptoProvider['dh']> = (parameters) => {
  const field = dhField(parameters);
  if (field === undefined) return undefined;
  if (field.name !== 'dh') return groups[field.name];
  takesNumbers ??= agreesWithNoble();
  return takesNumbers ? finiteFieldGroup(field) : nobleGroup(field);
};

let takesNumbers: boolean | undefined;

/** Tried out once, in the smallest field that there is. */
function agreesWithNoble(): boolean {
  const field = dhField({ prime: new Uint8Array(64).fill(0xff), generator: Uint8Array.of(3) })!;
  const exponent = new Uint8Array(64).fill(5);
  try {
    const [own, other] = [finiteFieldGroup(field), nobleGroup(field)].map(
      (group) => group.restore(exponent)!,
    );
    const secret = own!.finish(other!.share);
    return secret !== undefined && secret.join() === other!.finish(own!.share)?.join();
  } catch {
    return false;
  }
}
