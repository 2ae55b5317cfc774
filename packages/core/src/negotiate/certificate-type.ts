import type { SharedConfig } from '../config/shared.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { ExtensionBlock } from '../extensions/block.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../extensions/certificate-type.ts';
import { messageNames } from '../extensions/definition.ts';
import type { ReceivedHello } from '../machine/step.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { certificateTypes, type CertificateType } from '../registry/certificate-types.ts';
import { registryName } from '../registry/registered.ts';
import type { CertificateTypeName } from '../values/credential.ts';

/** For `server_certificate_type` and `client_certificate_type` (RFC 7250 §3). */
export function certificateTypeNumbers(names: readonly CertificateTypeName[]): CertificateType[] {
  return names.map((name) => numbers[name]);
}

/** `undefined` for a type that we do not know. */
export function certificateTypeName(type: number): CertificateTypeName | undefined {
  return (Object.keys(numbers) as CertificateTypeName[]).find((name) => numbers[name] === type);
}

/** Whether the extension has anything to say: without it, it is X.509 (RFC 7250 §4.1). */
export function isOrdinary(names: readonly CertificateTypeName[]): boolean {
  return names.every((name) => name === 'x509');
}

/** Those of `ours` that the other side lists, in our order; no list means X.509. */
export function commonCertificateTypes(
  ours: readonly CertificateTypeName[],
  listed: readonly number[] = [certificateTypes.X509],
): CertificateTypeName[] {
  return ours.filter((name) => listed.includes(numbers[name]));
}

/** Absent: the server has left it at X.509. */
export interface CertificateTypes {
  readonly server?: CertificateTypeName;
  readonly client?: CertificateTypeName;
}

/** Client: the server's choice among what we offered (RFC 7250 §4.2). */
export function chosenCertificateTypes(
  { extensions: offered }: ClientHello,
  chosen: ExtensionBlock<'EE' | 'SH12'>,
): CertificateTypes {
  return {
    ...chosenType('server', serverCertificateTypeExtension, offered, chosen),
    ...chosenType('client', clientCertificateTypeExtension, offered, chosen),
  };
}

function chosenType(
  side: keyof CertificateTypes,
  definition: typeof serverCertificateTypeExtension,
  offered: ExtensionBlock<'CH'>,
  chosen: ExtensionBlock<'EE' | 'SH12'>,
): CertificateTypes {
  const type = chosen.get(definition);
  if (type === undefined) return {};
  const name = certificateTypeName(type);
  if (name === undefined || offered.get(definition)?.includes(type) !== true) {
    throw new TlsError(
      'peer.unofferedCertificateType',
      `the server selects ${definition.name} ${registryName(certificateTypes, type)}, which we did not offer`,
      { section: 'RFC 7250 §4.2', handshakeMessage: messageNames[chosen.place], field: definition.name },
    );
  }
  return { [side]: name };
}

/** Client: refuses a server that leaves it at X.509 where we take raw public keys alone. */
export function checkServerCertificateType(
  { server: type = 'x509' }: CertificateTypes,
  taken: readonly CertificateTypeName[],
): CertificateTypeName {
  if (taken.includes(type)) return type;
  throw new TlsError(
    'incompatible.certificateTypes',
    'the server authenticates by an X.509 certificate, we take raw public keys alone',
    { section: 'RFC 7250 §4.2', handshakeMessage: 'certificate' },
  );
}

/** Server: a client "MUST omit" the extension where it has nothing to list but X.509 (RFC 7250 §4.1). */
export function checkListedCertificateTypes({ extensions }: ClientHello): void {
  for (const definition of [clientCertificateTypeExtension, serverCertificateTypeExtension]) {
    if (extensions.get(definition)?.every((type) => type === certificateTypes.X509) !== true) continue;
    throw new TlsError('peer.illegalExtension', `${definition.name} lists X.509 alone`, {
      section: 'RFC 7250 §4.1',
      handshakeMessage: 'client_hello',
      field: definition.name,
    });
  }
}

/** Server: what the client can read as our certificate (RFC 7250 §4.2). */
export function readableCertificateTypes({ extensions }: ClientHello): readonly CertificateTypeName[] {
  const listed = extensions.get(serverCertificateTypeExtension);
  const types = commonCertificateTypes(['x509', 'rawPublicKey'], listed);
  if (types.length > 0) return types;
  throw new TlsError(
    'incompatible.certificateTypes',
    'the client reads neither X.509 certificates nor raw public keys',
    { section: 'RFC 7250 §4.2', handshakeMessage: 'client_hello', field: 'server_certificate_type' },
  );
}

/**
 * Server: what our certificate would be, where a session is resumed and none is shown. Clients that take raw public keys alone
 * look for the answer in every handshake; RFC 7250 says nothing of sessions. `undefined`: the client has not asked, or it is
 * not known before the application is asked.
 */
export function resumedCertificateType(
  { extensions }: ClientHello,
  { credentials }: Pick<SharedConfig, 'credentials'>,
): CertificateType | undefined {
  const listed = extensions.get(serverCertificateTypeExtension);
  if (listed === undefined) return undefined;
  const [type] = commonCertificateTypes(
    credentials.map((credential) => credential.type),
    listed,
  );
  return type && numbers[type];
}

/** Server: what a client that is asked is to authenticate with; `undefined`: it says nothing of types, has X.509 at most, and need not have one. */
export function clientCertificateType({ config, hello }: ReceivedHello): CertificateTypeName | undefined {
  const listed = hello.extensions.get(clientCertificateTypeExtension);
  const [type] = commonCertificateTypes(config.peerCertificateTypes, listed);
  const mustFit = config.clientAuthentication === 'require' || listed !== undefined;
  if (type === undefined && mustFit) {
    throw new TlsError(
      'incompatible.certificateTypes',
      `the client is asked for a certificate of type ${config.peerCertificateTypes.join(' or ')}, and has none`,
      { section: 'RFC 7250 §4.2', handshakeMessage: 'client_hello', field: 'client_certificate_type' },
    );
  }
  return type;
}

const numbers: Readonly<Record<CertificateTypeName, CertificateType>> = {
  x509: certificateTypes.X509,
  rawPublicKey: certificateTypes.RawPublicKey,
};
