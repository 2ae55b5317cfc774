import { ApiMisuseError } from '@sealwire/core';
import { derInteger, derNull, derSequence } from '../der/write.ts';
import { extensionIds } from '../extensions/registry.ts';
import { statusRequestFeature } from '../extensions/tls-feature.ts';
import type { ExtensionInput } from './extensions.ts';

/**
 * The extension of RFC 7633, for `makeCertificate`: numbers of the TLS extensions that the server promises to answer.
 * Default: status_request alone, "must staple".
 */
export function tlsFeature(features: readonly number[] = [statusRequestFeature]): ExtensionInput {
  if (!features.every((feature) => Number.isInteger(feature) && feature >= 0 && feature <= 0xffff))
    throw new ApiMisuseError(`expected numbers of TLS extensions, got ${features.join(', ')}`);
  return { id: extensionIds.tlsFeature, value: derSequence(...features.map(derInteger)) };
}

/** id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1), for a responder's certificate: nobody is to ask whether it is revoked. */
export function ocspNoCheck(): ExtensionInput {
  return { id: extensionIds.ocspNoCheck, value: derNull };
}
