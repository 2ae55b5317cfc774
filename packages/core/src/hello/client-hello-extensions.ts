import type { ClientConfig } from '../config/client.ts';
import { alpnExtension } from '../extensions/alpn.ts';
import { certificateAuthoritiesExtension } from '../extensions/certificate-authorities.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../extensions/certificate-type.ts';
import { extension, type RawExtension } from '../extensions/definition.ts';
import { maxFragmentLengthCode, maxFragmentLengthExtension } from '../extensions/max-fragment-length.ts';
import { recordSizeLimitExtension } from '../extensions/record-size-limit.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from '../extensions/signature-algorithms.ts';
import { signedCertificateTimestampExtension } from '../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../extensions/status-request.ts';
import { supportedGroupsExtension } from '../extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import type { Carrier } from '../machine/carrier.ts';
import { certificateTypeNumbers, isOrdinary } from '../negotiate/certificate-type.ts';
import { needsSignatureAlgorithms, needsSupportedVersions } from '../negotiate/version.ts';
import type { ProtocolVersion } from '../registry/versions.ts';

/** The extensions of a ClientHello that belong to no version alone; `isFirst`: of the connection. */
export function commonExtensions(
  config: ClientConfig,
  versions: readonly ProtocolVersion[],
  isFirst: boolean,
  { hasRecords }: Carrier,
): RawExtension[] {
  const list: RawExtension[] = [];
  if (config.sni !== undefined) list.push(extension('CH', serverNameExtension, { hostName: config.sni }));
  list.push(extension('CH', supportedGroupsExtension, config.groups));
  if (needsSignatureAlgorithms(versions)) {
    list.push(extension('CH', signatureAlgorithmsExtension, config.signatureSchemes));
  }
  if (config.certificateSignatureSchemes !== undefined) {
    list.push(extension('CH', signatureAlgorithmsCertExtension, config.certificateSignatureSchemes));
  }
  // RFC 7301 §3.1: of the connection; what is spoken on it does not change in the middle.
  if (isFirst && config.alpnProtocols.length > 0)
    list.push(extension('CH', alpnExtension, config.alpnProtocols));
  if (config.requestOcsp) {
    list.push(
      extension('CH', statusRequestExtension, {
        kind: 'ocsp',
        responderIds: [],
        requestExtensions: new Uint8Array(0),
      }),
    );
  }
  if (config.requestScts) list.push(extension('CH', signedCertificateTimestampExtension, true));
  if (!isOrdinary(config.ownCertificateTypes)) {
    const own = certificateTypeNumbers(config.ownCertificateTypes);
    list.push(extension('CH', clientCertificateTypeExtension, own));
  }
  if (!isOrdinary(config.peerCertificateTypes)) {
    const ofServer = certificateTypeNumbers(config.peerCertificateTypes);
    list.push(extension('CH', serverCertificateTypeExtension, ofServer));
  }
  if (config.certificateAuthorities.length > 0) {
    list.push(extension('CH', certificateAuthoritiesExtension, config.certificateAuthorities));
  }
  if (hasRecords && config.recordSizeLimit !== undefined) {
    list.push(extension('CH', recordSizeLimitExtension, config.recordSizeLimit));
  }
  if (hasRecords && config.maxFragmentLength !== undefined) {
    list.push(extension('CH', maxFragmentLengthExtension, maxFragmentLengthCode(config.maxFragmentLength)));
  }
  if (needsSupportedVersions(versions)) list.push(extension('CH', supportedVersionsExtension, versions));
  return list;
}
