import type { ExtensionBlock } from '../extensions/block.ts';
import type { RawExtension } from '../extensions/definition.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import type { EncryptedExtensions } from '../messages/encrypted-extensions.ts';
import type { SessionSettings } from '../values/session.ts';

/**
 * Application-layer protocol settings (ALPS, draft-vvv-tls-alps-01) as TLS 1.3 sees them. The room `alps` makes this value,
 * and a configuration brings it: who does not configure it does not bundle it.
 */
export interface ApplicationSettings {
  /** For the ClientHello of a client that offers these protocols; absent: none of them has settings. */
  offer(alpnProtocols: readonly string[]): RawExtension | undefined;
  /** Ours for a protocol; absent: it has none. */
  own(alpnProtocol: string | null): OwnSettings | undefined;
  /** Server: what it says to a client that has settings for the protocol, too; absent: nothing. `peer.malformedMessage` */
  answer(hello: ClientHello, alpnProtocol: string | null): SettingsAnswer | undefined;
  /** Client: what EncryptedExtensions begin; absent: the server has no settings. `offered`: the ALPN protocols of our hello. */
  receive(
    extensions: ExtensionBlock<'EE'>,
    alpnProtocol: string | null,
    offered: readonly string[],
  ): ReceivedSettings | undefined;
}

/** Settings with the number of the extension that carries them: those of the two numbers are two things. */
export interface OwnSettings {
  readonly extensionType: number;
  readonly own: Uint8Array;
}

export interface SettingsAnswer extends OwnSettings {
  /** A copy of what the client's EncryptedExtensions hold. */
  receive(message: EncryptedExtensions): Uint8Array;
}

export interface ReceivedSettings extends SessionSettings {
  /** Our EncryptedExtensions. */
  readonly message: EncryptedExtensions;
}
