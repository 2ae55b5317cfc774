import { decodeBase64 } from '../pem.ts';
import { TrustAnchors } from '../path/anchors.ts';
import { rows, source } from './mozilla-data.ts';

/**
 * Mozilla's list of certificates that may certify TLS servers, as data of this package. Who does not import
 * `@sealwire/x509/roots` does not load it; who does decodes nothing until the first question.
 */
export interface MozillaRoot {
  /** DER of the certificate. */
  readonly der: Uint8Array;
  /** In ms since the epoch: what it certified later is not trusted. Absent: no such moment. */
  readonly distrustAfterMs?: number;
}

/** Where the list is from, and of which day it is. */
export const mozillaRootsSource: string = source;

/** All that Mozilla trusts to authenticate servers, with its reservation. A new list each time. */
export function mozillaRootList(): MozillaRoot[] {
  return rows.map(([base64, distrustAfterMs]) => {
    const der = decodeBase64(base64, 0, base64.length);
    return distrustAfterMs === undefined ? { der } : { der, distrustAfterMs };
  });
}

/** The certificates of that list, in its order, as PEM, for which nothing is decoded. A new list each time. */
export function mozillaRootTexts(): string[] {
  return rows.map(
    ([base64]) =>
      `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
  );
}

/**
 * Mozilla's list as trust anchors; always the same, so that it is decoded and indexed once. Roots that Mozilla trusts only for what
 * they certified until some day are among them with that day: a later certificate of a server is refused with
 * `ISSUER_NO_LONGER_TRUSTED`.
 */
export function mozillaRoots(): TrustAnchors {
  return (anchors ??= new TrustAnchors(
    mozillaRootList().map(({ der, distrustAfterMs }) =>
      distrustAfterMs === undefined ? der : { certificate: der, distrustAfterMs },
    ),
  ));
}

let anchors: TrustAnchors | undefined;
