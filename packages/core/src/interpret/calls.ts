import { ApiMisuseError, TlsError } from '../errors/tls-error.ts';
import type { ClientAuthOptions } from '../values/client-auth-options.ts';
import type { ClientConfig } from '../config/client.ts';
import type { ServerConfig } from '../config/server.ts';
import type { Exporters } from './exporters.ts';
import { copyOf } from '../wire/bytes.ts';
import type { Exporter } from '../machine/step.ts';
import { sameVersion } from '../negotiate/version.ts';
import { registryName } from '../registry/registered.ts';
import { protocolVersions } from '../registry/versions.ts';
import type { Facts } from '../values/facts.ts';

/** What callers pass, checked: every mistake is theirs, and is said at once. */

export function checkTime(method: string, now: number): void {
  if (typeof now !== 'number' || !Number.isFinite(now)) {
    throw new ApiMisuseError(
      `${method} expects the time in ms since the epoch as its last argument, got ${now}`,
    );
  }
}

export function abortReason(error: TlsError | string): TlsError {
  if (typeof error === 'string') return new TlsError('local.aborted', error);
  if (error instanceof TlsError) return error;
  throw new ApiMisuseError('abort expects a TlsError or a message');
}

export function requestPeerOf(options: { readonly requestPeer: boolean }): boolean {
  if (typeof options?.requestPeer === 'boolean') return options.requestPeer;
  throw new ApiMisuseError('updateKeys expects { requestPeer: boolean }');
}

export function clientAuthOptions(options: ClientAuthOptions = {}): ClientAuthOptions {
  const { require = false, certificateAuthorities = [] } = options ?? {};
  const isRight =
    typeof require === 'boolean' &&
    Array.isArray(certificateAuthorities) &&
    certificateAuthorities.every((name) => name instanceof Uint8Array && name.length > 0);
  if (!isRight) {
    throw new ApiMisuseError(
      'requestClientAuth expects { require?: boolean, certificateAuthorities?: Uint8Array[] }',
    );
  }
  return options;
}

/** Keying material (RFC 9846 §7.5) from the exporter of a connection, if it has one. */
export function exported(
  exporter: Exporter | undefined,
  label: string,
  context: Uint8Array | undefined,
  length: number,
): Uint8Array {
  if (exporter === undefined)
    throw new ApiMisuseError('keying material can be exported only after connected and not after a failure');
  // HkdfLabel would have a character at least (RFC 9846 §7.1); other implementations take none, and protocols use that.
  if (typeof label !== 'string' || !/^[\x20-\x7e]{0,243}$/.test(label)) {
    throw new ApiMisuseError('the exporter label must be up to 243 printable ASCII characters');
  }
  if (context !== undefined && !(context instanceof Uint8Array))
    throw new ApiMisuseError('the exporter context must be a Uint8Array or undefined');
  if (!Number.isInteger(length) || length < 1 || length > maxExportBytes) {
    throw new ApiMisuseError(`the exporter length must be an integer from 1 to ${maxExportBytes}`);
  }
  return exporter(label, context, length);
}

export type ChannelBindingType = 'tls-exporter' | 'tls-unique';

/**
 * tls-exporter: the exporter's value for this label, without context, 32 bytes (RFC 9266 §2). tls-unique: the first
 * Finished of the latest handshake (RFC 5929 §3), of a connection that has one.
 */
export function channelBindingOf({ main, tlsUnique }: Exporters, type: ChannelBindingType): Uint8Array {
  if (type === 'tls-unique') {
    if (main !== undefined && tlsUnique !== undefined) return copyOf(tlsUnique);
    throw new ApiMisuseError(
      'tls-unique is there after connected, not after a failure, in TLS 1.2 and older; without the extended main secret after a first, full handshake alone (RFC 7627 §1)',
    );
  }
  if (type !== 'tls-exporter') {
    throw new ApiMisuseError(
      `channelBinding expects 'tls-exporter' or 'tls-unique', got ${JSON.stringify(type)}; certificates are the business of @sealwire/x509`,
    );
  }
  return exported(main, 'EXPORTER-Channel-Binding', new Uint8Array(0), 32);
}

/** 255 blocks of the smallest hash (RFC 5869 §2.3). */
const maxExportBytes = 255 * 32;

/** Another configuration for the same connection: of the same side, and with the version that is spoken. */
export function configOfRole(
  config: ClientConfig | ServerConfig | undefined,
  { role, version }: Facts,
): ClientConfig | ServerConfig | undefined {
  if (config === undefined) return undefined;
  if (config?.role !== role || config.entropy === undefined) {
    throw new ApiMisuseError(`renegotiate expects what ${role}Config made, or undefined for the present one`);
  }
  if (
    version === undefined ||
    config.versions.some(({ versions }) => versions.some((each) => sameVersion(each, version)))
  )
    return config;
  throw new ApiMisuseError(
    `renegotiate expects a configuration with the version that is spoken, ${registryName(protocolVersions, version)}`,
  );
}
