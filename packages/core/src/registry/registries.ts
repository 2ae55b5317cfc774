import { certificateStatusTypes } from './certificate-status-types.ts';
import { certificateTypes } from './certificate-types.ts';
import { clientCertificateTypes } from './client-certificate-types.ts';
import { compressionAlgorithms } from './compression-algorithms.ts';
import { contentTypes } from './content-types.ts';
import { curveTypes } from './curve-types.ts';
import { extensionTypes } from './extension-types.ts';
import { namedGroups } from './groups.ts';
import { handshakeTypes } from './handshake-types.ts';
import { hpkeAeads } from './hpke-aeads.ts';
import { hpkeKdfs } from './hpke-kdfs.ts';
import { hpkeKems } from './hpke-kems.ts';
import { pointFormats } from './point-formats.ts';
import { pskKeyExchangeModes } from './psk-key-exchange-modes.ts';
import { signatureSchemes } from './signature-schemes.ts';
import { suites12 } from './suites12.ts';
import { suites13 } from './suites13.ts';
import { protocolVersions } from './versions.ts';

/** Every registry by the name that shapes and types call it: tables of the numbers that have a name. */
export const registries: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  CertificateCompressionAlgorithm: compressionAlgorithms,
  CertificateStatusType: certificateStatusTypes,
  CertificateType: certificateTypes,
  CipherSuite: { ...suites13, ...suites12 },
  ClientCertificateType: clientCertificateTypes,
  ContentType: contentTypes,
  ECCurveType: curveTypes,
  ECPointFormat: pointFormats,
  ExtensionType: extensionTypes,
  HandshakeType: handshakeTypes,
  HpkeAead: hpkeAeads,
  HpkeKdf: hpkeKdfs,
  HpkeKem: hpkeKems,
  NamedGroup: namedGroups,
  ProtocolVersion: protocolVersions,
  PskKeyExchangeMode: pskKeyExchangeModes,
  SignatureScheme: signatureSchemes,
  /** RFC 9846 §4.7.3. */
  KeyUpdateRequest: { update_not_requested: 0, update_requested: 1 },
  /** RFC 6066 §3. */
  NameType: { host_name: 0 },
};
