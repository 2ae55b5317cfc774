import { ApiMisuseError } from '@sealwire/core';

interface TrustingContext {
  addCACert(pem: string | Uint8Array): void;
  readonly state: { readonly clientAuthorities: readonly Uint8Array[] };
}

/** Trusts these as well. Unlike in `ca`, what cannot be read is not passed over: somebody counts on it. */
export function addAuthorities(
  context: TrustingContext,
  given: string | Uint8Array | readonly (string | Uint8Array)[],
): void {
  for (const pem of typeof given === 'string' || given instanceof Uint8Array ? [given] : given) {
    const wanted =
      Buffer.from(pem)
        .toString('latin1')
        .split(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/).length - 1;
    const before = context.state.clientAuthorities.length;
    context.addCACert(pem);
    if (wanted === 0 || context.state.clientAuthorities.length - before !== wanted)
      throw new ApiMisuseError(
        'sealwire.additionalCa must be certificates as PEM: there is one that cannot be read',
      );
  }
}
