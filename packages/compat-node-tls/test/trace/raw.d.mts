/** By their names. */
export const hellos: Readonly<Record<string, Uint8Array>>;
export function flights(certificate: Uint8Array): Readonly<Record<string, readonly Uint8Array[]>>;
export function record(content: Uint8Array): Uint8Array;
