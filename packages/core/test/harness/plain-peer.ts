import type { Connection } from '../../src/connection/connection.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import { encodeMessage12 } from '../../src/messages/tls12.ts';
import type { ServerHello12 } from '../../src/messages/tls12/server-hello.ts';
import type { CipherSuite } from '../../src/registry/suites13.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { nowMs, Peer } from './peer.ts';

/** Somebody who speaks TLS 1.2 without ever having keys, to a victim that has none before its own change_cipher_spec. */
class PlainPeer extends Peer {
  override get victimHasKeys(): boolean {
    return false;
  }

  protected heard(): void {}
}

/** The victim has been started: a client has sent its ClientHello. */
export function plainPeer(victim: Connection): Peer {
  victim.start(nowMs);
  return new PlainPeer(victim).drain();
}

/** The random of our hellos. */
export const plainRandom = new Uint8Array(32).fill(7);

/** A ClientHello of TLS 1.2 with these suites and extensions. */
export function plainClientHello(
  cipherSuites: readonly CipherSuite[],
  extensions: readonly RawExtension[],
  change: Partial<ClientHello> = {},
): Uint8Array {
  return encodeMessage12({
    type: 'client_hello',
    legacyVersion: protocolVersions.tls12,
    random: plainRandom,
    legacySessionId: new Uint8Array(0),
    cipherSuites,
    legacyCompressionMethods: new Uint8Array(1),
    extensions: ExtensionBlock.of('CH', extensions),
    ...change,
  });
}

/** A ServerHello of TLS 1.2 that selects this suite; by default it knows secure renegotiation and nothing else. */
export function plainServerHello(
  cipherSuite: CipherSuite,
  extensions: readonly RawExtension[] = [secureRenegotiation],
  change: Partial<ServerHello12> = {},
): Uint8Array {
  return encodeMessage12({
    type: 'server_hello',
    serverVersion: protocolVersions.tls12,
    random: plainRandom,
    sessionId: new Uint8Array(0),
    cipherSuite,
    compressionMethod: 0,
    extensions: ExtensionBlock.of('SH12', extensions),
    ...change,
  });
}

export const secureRenegotiation: RawExtension = extension(
  'SH12',
  renegotiationInfoExtension,
  new Uint8Array(0),
);
