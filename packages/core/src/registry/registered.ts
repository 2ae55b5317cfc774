/**
 * Open registries (RFC 9846 §11): a value is any number that fits its field, branded with the registry
 * it belongs to. Unknown numbers are ordinary values, so GREASE (RFC 8701) needs no rule of its own.
 */
export type Registered<Registry extends string> = number & { readonly [registry]: Registry };

declare const registry: unique symbol;

/** The name that `table` gives to `value`, or its hexadecimal number: `x25519`, `0x6399`. For traces and errors. */
export function registryName(table: Readonly<Record<string, number>>, value: number): string {
  let largest = value;
  for (const [name, known] of Object.entries(table)) {
    if (known === value) return name;
    if (known > largest) largest = known;
  }
  return `0x${value.toString(16).padStart(largest > 0xff ? 4 : 2, '0')}`;
}
