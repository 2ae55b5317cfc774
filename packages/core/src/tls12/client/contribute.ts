import { extension, type RawExtension } from '../../extensions/definition.ts';
import { ecPointFormatsExtension } from '../../extensions/ec-point-formats.ts';
import { encryptThenMacExtension } from '../../extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../extensions/extended-main-secret.ts';
import { renegotiationInfoExtension } from '../../extensions/renegotiation-info.ts';
import type { HelloContribution, HelloPlan } from '../../machine/step.ts';
import { pointFormats } from '../../registry/point-formats.ts';
import type { ProtocolVersion } from '../../registry/versions.ts';
import { allowsSuite, profileOf } from '../profile.ts';
import { suite12 } from '../suites.ts';

/** What `version` adds to a ClientHello: its suites, and the extensions that make it safe. */
export function contributeHello(version: ProtocolVersion, { config }: HelloPlan): HelloContribution {
  const profile = profileOf(version);
  const suites = config.cipherSuites.flatMap((id) => suite12(id) ?? []);
  const own = suites.filter((suite) => allowsSuite(profile, suite));
  const extensions: RawExtension[] = [
    // RFC 5746 §3.4: the extension, or the signaling suite; the first handshake has nothing to say in it.
    extension('CH', renegotiationInfoExtension, new Uint8Array(0)),
    extension('CH', extendedMainSecretExtension, true),
  ];
  if (own.some(({ keyExchange }) => keyExchange === 'ecdhe' || keyExchange === 'ecdhePsk')) {
    extensions.push(extension('CH', ecPointFormatsExtension, [pointFormats.uncompressed]));
  }
  if (own.some(({ cipher }) => cipher.type === 'cbc')) {
    extensions.push(extension('CH', encryptThenMacExtension, true));
  }
  return { cipherSuites: own.map(({ id }) => id), extensions, carry: undefined };
}
