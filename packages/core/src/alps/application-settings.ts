import { ownOptions } from '../config/option-names.ts';
import { ApiMisuseError, TlsError } from '../errors/tls-error.ts';
import { protocolName } from '../extensions/alpn.ts';
import {
  applicationSettingsExtension,
  applicationSettingsOldExtension,
} from '../extensions/application-settings.ts';
import { ExtensionBlock } from '../extensions/block.ts';
import type { ApplicationSettings, OwnSettings } from '../machine/application-settings.ts';
import type { EncryptedExtensions } from '../messages/encrypted-extensions.ts';
import { copyOf } from '../wire/bytes.ts';
import { decode, encode, vector16 } from '../wire/codec.ts';

export interface ApplicationSettingsOptions {
  /**
   * Our settings by ALPN protocol (one character a byte), each up to 32,768 bytes; without any is not the same as empty
   * ones. What they mean is the protocol's business.
   */
  readonly settings: Readonly<Record<string, Uint8Array>>;
  /** The number of the extension, which IANA has not assigned: 17613, or 17513 as it was before. Default 17613. */
  readonly extensionType?: 17613 | 17513;
}

const optionNames: Readonly<Record<keyof ApplicationSettingsOptions, true>> = {
  settings: true,
  extensionType: true,
};

/**
 * Settings for the option `applicationSettings`: where ALPN agrees on a protocol for which both sides have some, they are
 * exchanged within the handshake of TLS 1.3, encrypted, before any application data (draft-vvv-tls-alps-01). The server's
 * go to whoever asks; the client's only to who has proved to be the server. `ApiMisuseError` for what could never be sent.
 */
export function applicationSettings(options: ApplicationSettingsOptions): ApplicationSettings {
  const { settings, extensionType = applicationSettingsExtension.type } = ownOptions(
    'applicationSettings',
    options,
    optionNames,
  );
  const definition = definitions.find(({ type }) => type === extensionType);
  if (definition === undefined)
    throw new ApiMisuseError(`extensionType must be 17613 or 17513, got ${String(extensionType)}`);
  const byProtocol = checked(settings);
  const at = (section: string) => ({
    section: `draft-vvv-tls-alps-01 ${section}`,
    handshakeMessage: 'encrypted_extensions',
    field: definition.name,
  });

  const own = (alpnProtocol: string | null): OwnSettings | undefined => {
    const bytes = alpnProtocol === null ? undefined : byProtocol.get(alpnProtocol);
    return bytes === undefined ? undefined : { extensionType, own: bytes };
  };

  return {
    own,
    offer(alpnProtocols) {
      const supported = alpnProtocols.filter((name) => byProtocol.has(name));
      // "the client MUST offer ALPN if advertising ALPS support" (§3), and the list has a name at least.
      if (supported.length === 0) return undefined;
      return { type: extensionType, data: encode(supportedProtocols, supported) };
    },
    answer({ extensions }, alpnProtocol) {
      const data = extensions.raw({ type: extensionType });
      if (data === undefined) return undefined;
      const supported = decode(supportedProtocols, data, `client_hello.extensions.${definition.name}`);
      const ours = own(alpnProtocol);
      if (ours === undefined || alpnProtocol === null || !supported.includes(alpnProtocol)) return undefined;
      return {
        ...ours,
        receive({ extensions: received }) {
          const extra = received.entries.find(({ type }) => type !== extensionType);
          if (extra !== undefined) {
            throw new TlsError(
              'peer.unsolicitedExtension',
              `the client's EncryptedExtensions hold extension ${extra.type}`,
              at('§4.1'),
            );
          }
          const settings = received.raw({ type: extensionType });
          if (settings !== undefined) return copyOf(settings);
          throw new TlsError(
            'peer.missingExtension',
            `the client's EncryptedExtensions lack ${definition.name}`,
            at('§4'),
          );
        },
      };
    },
    receive(extensions, alpnProtocol, offered) {
      const peer = extensions.raw({ type: extensionType });
      if (peer === undefined) return undefined;
      const ours = own(alpnProtocol);
      if (ours === undefined || alpnProtocol === null || !offered.includes(alpnProtocol)) {
        throw new TlsError(
          'peer.illegalExtension',
          `the server sends settings for ${alpnProtocol ?? 'no protocol'}, for which we have offered none`,
          at('§4'),
        );
      }
      const message: EncryptedExtensions = {
        type: 'encrypted_extensions',
        extensions: ExtensionBlock.of('EE', [{ type: extensionType, data: ours.own }]),
      };
      return { ...ours, peer: copyOf(peer), message };
    },
  };
}

function checked(settings: Readonly<Record<string, Uint8Array>>): ReadonlyMap<string, Uint8Array> {
  if (typeof settings !== 'object' || settings === null)
    throw new ApiMisuseError('settings must be an object of Uint8Arrays by ALPN protocol');
  const byProtocol = new Map<string, Uint8Array>();
  for (const [name, bytes] of Object.entries(settings)) {
    if (!/^[\x00-\xff]{1,255}$/s.test(name))
      throw new ApiMisuseError(`an ALPN protocol name has 1 to 255 bytes, got ${JSON.stringify(name)}`);
    if (!(bytes instanceof Uint8Array) || bytes.length > maxSettingsBytes)
      throw new ApiMisuseError(`settings of ${name} must be a Uint8Array of up to ${maxSettingsBytes} bytes`);
    byProtocol.set(name, copyOf(bytes));
  }
  if (byProtocol.size === 0) throw new ApiMisuseError('settings must name at least one ALPN protocol');
  return byProtocol;
}

/**
 * The client's extension_data; that of EncryptedExtensions are the settings themselves (§4).
 *
 *     struct {
 *         ProtocolName supported_protocols<2..2^16-1>;
 *     } ApplicationSettingsSupport;
 */
const supportedProtocols = /* @__PURE__ */ vector16(protocolName, { min: 2 });

const definitions = [applicationSettingsExtension, applicationSettingsOldExtension] as const;

/** Half of what the extensions of a message may be; the rest is for the others. */
const maxSettingsBytes = 32_768;
