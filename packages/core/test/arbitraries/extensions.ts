import fc, { type Arbitrary } from 'fast-check';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import {
  applicationSettingsExtension,
  applicationSettingsOldExtension,
} from '../../src/extensions/application-settings.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { certificateAuthoritiesExtension } from '../../src/extensions/certificate-authorities.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../src/extensions/certificate-type.ts';
import { compressCertificateExtension } from '../../src/extensions/compress-certificate.ts';
import { cookieExtension } from '../../src/extensions/cookie.ts';
import { delegatedCredentialExtension } from '../../src/extensions/delegated-credential.ts';
import {
  extension,
  type ExtensionCodecs,
  type ExtensionDefinition,
  type ExtensionPlace,
  type RawExtension,
} from '../../src/extensions/definition.ts';
import { ecPointFormatsExtension } from '../../src/extensions/ec-point-formats.ts';
import { earlyDataExtension } from '../../src/extensions/early-data.ts';
import {
  echOuterExtensionsExtension,
  encryptedClientHelloExtension,
} from '../../src/extensions/encrypted-client-hello.ts';
import { encryptThenMacExtension } from '../../src/extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../src/extensions/extended-main-secret.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import { maxFragmentLengthExtension } from '../../src/extensions/max-fragment-length.ts';
import { oidFiltersExtension } from '../../src/extensions/oid-filters.ts';
import { nextProtocolNegotiationExtension } from '../../src/extensions/next-protocol-negotiation.ts';
import { paddingExtension } from '../../src/extensions/padding.ts';
import { postHandshakeAuthExtension } from '../../src/extensions/post-handshake-auth.ts';
import { preSharedKeyExtension } from '../../src/extensions/pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from '../../src/extensions/psk-key-exchange-modes.ts';
import { quicTransportParametersExtension } from '../../src/extensions/quic-transport-parameters.ts';
import { recordSizeLimitExtension } from '../../src/extensions/record-size-limit.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import { serverNameExtension } from '../../src/extensions/server-name.ts';
import { sessionTicketExtension } from '../../src/extensions/session-ticket.ts';
import {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from '../../src/extensions/signature-algorithms.ts';
import { signedCertificateTimestampExtension } from '../../src/extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../src/extensions/status-request.ts';
import { statusRequestV2Extension } from '../../src/extensions/status-request-v2.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import type { CertificateStatusType } from '../../src/registry/certificate-status-types.ts';
import type { CodecValue } from '../../src/wire/codec.ts';

/** Values of one extension in one message. */
export interface ExtensionSample {
  readonly definition: ExtensionDefinition;
  readonly place: ExtensionPlace;
  readonly value: Arbitrary<unknown>;
  /** Whether the data has no structure, so that no prefix and no longer string is malformed. */
  readonly unstructured: boolean;
  /** Whether the data is a list that ends with the data, so that one cut between two items is another list. */
  readonly openEnded: boolean;
}

export const bytes = (minLength: number, maxLength: number): Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });

export const registered = <N extends number>(max: number): Arbitrary<N> =>
  fc.integer({ min: 0, max }) as Arbitrary<number> as Arbitrary<N>;

const u8 = <N extends number>(): Arbitrary<N> => registered<N>(0xff);
const u16 = <N extends number>(): Arbitrary<N> => registered<N>(0xffff);
const u32: Arbitrary<number> = fc.integer({ min: 0, max: 0xffff_ffff });

const list = <T>(item: Arbitrary<T>, minLength: number, maxLength = 6): Arbitrary<readonly T[]> =>
  fc.array(item, { minLength, maxLength });

const nothing = fc.constant(true as const);

const text = (minLength: number, maxLength: number, min: number, max: number): Arbitrary<string> =>
  fc.array(fc.integer({ min, max }), { minLength, maxLength }).map((codes) => String.fromCharCode(...codes));

const hostName = fc.record({ hostName: text(1, 255, 0x21, 0x7e) });
const protocolName = text(1, 255, 1, 0xff);
const keyShareEntry = fc.record({ group: u16<never>(), keyExchange: bytes(1, 80) });

const offeredPsks = fc
  .array(fc.record({ identity: bytes(1, 40), obfuscatedTicketAge: u32, binder: bytes(32, 255) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((psks) => ({
    identities: psks.map(({ identity, obfuscatedTicketAge }) => ({ identity, obfuscatedTicketAge })),
    binders: psks.map(({ binder }) => binder),
  }));

const ocspRequest = fc.record({
  kind: fc.constant('ocsp' as const),
  responderIds: list(bytes(1, 20), 0),
  requestExtensions: bytes(0, 20),
});

const samples: ExtensionSample[] = [];
sample(serverNameExtension, { CH: hostName, EE: nothing, SH12: nothing, CR: hostName });
sample(maxFragmentLengthExtension, { CH: u8(), EE: u8(), SH12: u8() });
sample(statusRequestExtension, { CH: ocspRequest, CR: nothing, CT: bytes(1, 60), SH12: nothing });
sample(
  supportedGroupsExtension,
  { CH: list(u16<never>(), 1), EE: list(u16<never>(), 1), SH12: bytes(0, 40) },
  ['SH12'],
);
sample(signatureAlgorithmsExtension, { CH: list(u16<never>(), 1), CR: list(u16<never>(), 1) });
sample(signatureAlgorithmsCertExtension, { CH: list(u16<never>(), 1), CR: list(u16<never>(), 1) });
sample(alpnExtension, { CH: list(protocolName, 1), EE: protocolName, SH12: protocolName });
sample(signedCertificateTimestampExtension, {
  CH: nothing,
  CR: nothing,
  CT: list(bytes(1, 60), 1),
  SH12: list(bytes(1, 60), 1),
});
sample(clientCertificateTypeExtension, { CH: list(u8<never>(), 1), EE: u8<never>(), SH12: u8<never>() });
sample(serverCertificateTypeExtension, { CH: list(u8<never>(), 1), EE: u8<never>(), SH12: u8<never>() });
sample(compressCertificateExtension, { CH: list(u16<never>(), 1), CR: list(u16<never>(), 1) });
sample(paddingExtension, { CH: bytes(0, 40) }, ['CH']);
sample(quicTransportParametersExtension, { CH: bytes(0, 40), EE: bytes(0, 40), SH12: bytes(0, 40) }, [
  'CH',
  'EE',
  'SH12',
]);
for (const each of [applicationSettingsExtension, applicationSettingsOldExtension])
  sample(each, { CH: bytes(0, 40), EE: bytes(0, 40), SH12: bytes(0, 40) }, ['CH', 'EE', 'SH12']);
sample(encryptedClientHelloExtension, { CH: bytes(0, 40), EE: bytes(0, 40), HRR: bytes(0, 40) }, [
  'CH',
  'EE',
  'HRR',
]);
sample(echOuterExtensionsExtension, {});
sample(recordSizeLimitExtension, { CH: u16(), EE: u16(), SH12: u16() });
sample(delegatedCredentialExtension, {
  CH: list(u16<never>(), 1),
  CR: list(u16<never>(), 1),
  CT: fc.record({
    cred: fc.record({
      validTimeSeconds: u32,
      dcCertVerifyAlgorithm: u16<never>(),
      subjectPublicKeyInfo: bytes(1, 60),
    }),
    algorithm: u16<never>(),
    signature: bytes(1, 60),
  }),
});
sample(preSharedKeyExtension, { CH: offeredPsks, SH: u16() });
sample(earlyDataExtension, { CH: nothing, EE: nothing, NST: u32 });
sample(supportedVersionsExtension, { CH: list(u16<never>(), 1), SH: u16<never>(), HRR: u16<never>() });
sample(cookieExtension, { CH: bytes(1, 60), HRR: bytes(1, 60) });
sample(pskKeyExchangeModesExtension, { CH: list(u8<never>(), 1) });
sample(certificateAuthoritiesExtension, { CH: list(bytes(1, 40), 1), CR: list(bytes(1, 40), 1) });
sample(oidFiltersExtension, {
  CR: list(fc.record({ certificateExtensionOid: bytes(1, 12), certificateExtensionValues: bytes(0, 20) }), 0),
});
sample(postHandshakeAuthExtension, { CH: nothing });
sample(keyShareExtension, { CH: list(keyShareEntry, 0), SH: keyShareEntry, HRR: u16<never>() });
sample(statusRequestV2Extension, { CH: bytes(0, 40) }, ['CH']);
sample(ecPointFormatsExtension, { CH: list(u8<never>(), 1), SH12: list(u8<never>(), 1) });
sample(encryptThenMacExtension, { CH: nothing, SH12: nothing });
sample(extendedMainSecretExtension, { CH: nothing, SH12: nothing });
sample(sessionTicketExtension, { CH: bytes(0, 40), SH12: nothing }, ['CH']);
sample(renegotiationInfoExtension, { CH: bytes(0, 255), SH12: bytes(0, 255) });
sample(nextProtocolNegotiationExtension, { CH: nothing, SH12: list(protocolName, 0) }, [], ['SH12']);

/** A row for every extension in every message where it may stand. */
export const extensionSamples: readonly ExtensionSample[] = samples;

/** A status_request of a type that nobody defined. */
export const otherStatusRequest = fc.record({
  kind: fc.constant('other' as const),
  statusType: fc.integer({ min: 2, max: 0xff }) as Arbitrary<number> as Arbitrary<CertificateStatusType>,
  request: bytes(0, 20),
});

/** Extensions of types that Sealwire does not know: GREASE (RFC 8701) and private ones. */
export const unknownExtension: Arbitrary<RawExtension> = fc.record({
  type: fc.constantFrom(0x0a0a, 0x6a6a, 0xfafa, 0xff77, 0xff78),
  data: bytes(0, 30),
});

/** Blocks of known and unknown extensions in any order; `always` names those that must be there. */
export function extensionBlocks<P extends ExtensionPlace>(
  place: P,
  always: readonly ExtensionDefinition[] = [],
): Arbitrary<ExtensionBlock<P>> {
  const known = extensionSamples
    .filter((row) => row.place === place)
    .map((row) => {
      const raw = row.value.map((value) => encodeSample(row, value));
      return always.includes(row.definition) ? raw : fc.option(raw, { nil: undefined, freq: 2 });
    });
  return fc
    .tuple(
      fc.tuple(...known),
      fc.uniqueArray(unknownExtension, { selector: ({ type }) => type, maxLength: 2 }),
    )
    .map(([some, unknown]) => [...some.filter((entry) => entry !== undefined), ...unknown])
    .chain((entries) => fc.shuffledSubarray(entries, { minLength: entries.length }))
    .map((entries) => ExtensionBlock.of(place, pskLast(entries)));
}

export function encodeSample({ definition, place }: ExtensionSample, value: unknown): RawExtension {
  return extension(place, definition as ExtensionDefinition<never>, value as never);
}

function pskLast(entries: readonly RawExtension[]): RawExtension[] {
  const isPsk = ({ type }: RawExtension) => type === preSharedKeyExtension.type;
  return [...entries.filter((entry) => !isPsk(entry)), ...entries.filter(isPsk)];
}

function sample<C extends ExtensionCodecs>(
  definition: ExtensionDefinition<C>,
  values: { readonly [P in keyof C & ExtensionPlace]: Arbitrary<CodecValue<C[P]>> },
  unstructured: readonly ExtensionPlace[] = [],
  openEnded: readonly ExtensionPlace[] = [],
): void {
  for (const [place, value] of Object.entries(values) as [ExtensionPlace, Arbitrary<unknown>][]) {
    samples.push({
      definition,
      place,
      value,
      unstructured: unstructured.includes(place),
      openEnded: openEnded.includes(place),
    });
  }
}
