import type { CryptoProvider } from '@sealwire/core';
import { initialSecrets, quicVersions, type QuicLevel, type QuicOutput } from '@sealwire/core/quic';
import { KeyPhases } from './key-phases.ts';
import { type OpenedPacket, openPacket, PacketCipher, type ProtectedPacket } from './packets.ts';

/** What protects the packets of each level, in both directions (RFC 9001 §5). */
export class PacketKeys {
  readonly #provider: CryptoProvider;
  readonly #read: Partial<Record<QuicLevel, PacketCipher>> = {};
  readonly #write: Partial<Record<QuicLevel, PacketCipher>> = {};
  #phases: KeyPhases | undefined;

  constructor(provider: CryptoProvider) {
    this.#provider = provider;
  }

  /** Those of Initial packets follow from where the client's first is addressed to (RFC 9001 §5.2). */
  useInitial(role: 'client' | 'server', destination: Uint8Array): void {
    const { client, server } = initialSecrets(this.#provider, quicVersions.v1, destination);
    const [own, other] = role === 'client' ? [client, server] : [server, client];
    this.#write.initial = new PacketCipher(this.#provider, initialSuite, own);
    this.#read.initial = new PacketCipher(this.#provider, initialSuite, other);
  }

  install({ direction, level, cipherSuite, secret }: Extract<QuicOutput, { type: 'keys' }>): void {
    const cipher = new PacketCipher(this.#provider, cipherSuite, secret);
    (direction === 'read' ? this.#read : this.#write)[level] = cipher;
    const { application: read } = this.#read;
    const { application: write } = this.#write;
    if (read !== undefined && write !== undefined) this.#phases ??= new KeyPhases(read, write);
  }

  discard(level: QuicLevel): void {
    delete this.#read[level];
    delete this.#write[level];
  }

  /** `undefined`: it cannot be opened, or not yet; what is honest comes again. */
  open(packet: ProtectedPacket, largestReceived: number): OpenedPacket | undefined {
    const { level } = packet;
    if (level !== 'application') {
      const cipher = this.#read[level];
      return cipher && openPacket(packet, cipher, largestReceived, () => cipher);
    }
    const phases = this.#phases;
    return (
      phases &&
      openPacket(packet, phases.headers, largestReceived, (phase, number) => phases.readCipher(phase, number))
    );
  }

  /** Whether the peer has changed its keys by a 1-RTT packet that was opened. */
  hasChanged({ keyPhase, packetNumber }: OpenedPacket): boolean {
    return this.#phases!.opened(keyPhase, packetNumber);
  }

  canSeal(level: QuicLevel): boolean {
    return this.#write[level] !== undefined;
  }

  /** With what to seal a packet, and the bit that tells the peer so. */
  sealing(level: QuicLevel): { readonly cipher: PacketCipher; readonly keyPhase: 0 | 1 } {
    const phases = level === 'application' ? this.#phases : undefined;
    return { cipher: phases?.write ?? this.#write[level]!, keyPhase: phases?.phase ?? 0 };
  }

  /** New keys in both directions (RFC 9001 §6.1). False: it is too early. */
  update(): boolean {
    return this.#phases?.update() === true;
  }
}

const initialSuite = 0x1301;
