import type { HashFunction } from '../crypto/provider.ts';
import { InternalError } from '../errors/tls-error.ts';
import { deriveSecret, hkdfExpandLabel, hkdfExtract } from '../crypto/hkdf.ts';

/**
 * The key schedule of RFC 9846 §7.1 as three stages; each method is one arrow of the figure.
 *
 *              0
 *              |
 *    PSK ->  HKDF-Extract = Early Secret            EarlySecrets
 *              +--> binder key, "c e traffic", "e exp master"
 *        Derive-Secret(., "derived", "")
 *              |
 *  share ->  HKDF-Extract = Handshake Secret        HandshakeSecrets
 *              +--> "c hs traffic", "s hs traffic"
 *        Derive-Secret(., "derived", "")
 *              |
 *      0 ->  HKDF-Extract = Main Secret             TrafficSecrets
 *              +--> "c ap traffic", "s ap traffic", "exp master", "res master"
 *
 * Advancing wipes a stage and marks it as spent; using it again is a defect.
 */
abstract class Stage {
  readonly hash: HashFunction;
  #secret: Uint8Array | undefined;

  constructor(hash: HashFunction, secret: Uint8Array) {
    this.hash = hash;
    this.#secret = secret;
  }

  wipe(): void {
    this.#secret?.fill(0);
    this.#secret = undefined;
  }

  protected derive(label: string, transcriptHash: Uint8Array): Uint8Array {
    return deriveSecret(this.hash, this.live(), label, transcriptHash);
  }

  /** HKDF-Extract with the "derived" secret of this stage as salt; this stage is spent afterwards. */
  protected extractNext(inputKeyingMaterial: Uint8Array): Uint8Array {
    const salt = this.derive('derived', constantsOf(this.hash).emptyHash);
    const next = hkdfExtract(this.hash, salt, inputKeyingMaterial);
    salt.fill(0);
    this.wipe();
    return next;
  }

  private live(): Uint8Array {
    if (this.#secret === undefined)
      throw new InternalError('a key schedule stage was used after it was spent');
    return this.#secret;
  }
}

export class EarlySecrets extends Stage {
  /** Without a PSK the input is a string of zeros (RFC 9846 §7.1). */
  constructor(hash: HashFunction, psk: Uint8Array = zeros(hash)) {
    super(hash, hkdfExtract(hash, zeros(hash), psk));
  }

  /** The key under which PSK binders are made (RFC 9846 §4.3.11.2). */
  binderKey(kind: 'ext binder' | 'res binder' | 'imp binder'): Uint8Array {
    return this.derive(kind, constantsOf(this.hash).emptyHash);
  }

  clientEarlyTrafficSecret(clientHelloHash: Uint8Array): Uint8Array {
    return this.derive('c e traffic', clientHelloHash);
  }

  earlyExporterSecret(clientHelloHash: Uint8Array): Uint8Array {
    return this.derive('e exp master', clientHelloHash);
  }

  /** With the shared secret of the key exchange, or without one for psk_ke. */
  advance(sharedSecret: Uint8Array = zeros(this.hash)): HandshakeSecrets {
    return new HandshakeSecrets(this.hash, this.extractNext(sharedSecret));
  }
}

export class HandshakeSecrets extends Stage {
  clientTrafficSecret(serverHelloHash: Uint8Array): Uint8Array {
    return this.derive('c hs traffic', serverHelloHash);
  }

  serverTrafficSecret(serverHelloHash: Uint8Array): Uint8Array {
    return this.derive('s hs traffic', serverHelloHash);
  }

  advance(): TrafficSecrets {
    return new TrafficSecrets(this.hash, this.extractNext(zeros(this.hash)));
  }
}

export class TrafficSecrets extends Stage {
  clientTrafficSecret(serverFinishedHash: Uint8Array): Uint8Array {
    return this.derive('c ap traffic', serverFinishedHash);
  }

  serverTrafficSecret(serverFinishedHash: Uint8Array): Uint8Array {
    return this.derive('s ap traffic', serverFinishedHash);
  }

  exporterSecret(serverFinishedHash: Uint8Array): Uint8Array {
    return this.derive('exp master', serverFinishedHash);
  }

  resumptionSecret(clientFinishedHash: Uint8Array): Uint8Array {
    return this.derive('res master', clientFinishedHash);
  }
}

/** The next generation of an application traffic secret (RFC 9846 §7.2). */
export function nextTrafficSecret(hash: HashFunction, secret: Uint8Array): Uint8Array {
  return hkdfExpandLabel(hash, secret, 'traffic upd', new Uint8Array(0), hash.outputBytes);
}

/** Key and IV of a traffic secret (RFC 9846 §7.3). */
export function trafficKey(
  hash: HashFunction,
  secret: Uint8Array,
  keyBytes: number,
): { readonly key: Uint8Array; readonly iv: Uint8Array } {
  const none = new Uint8Array(0);
  return {
    key: hkdfExpandLabel(hash, secret, 'key', none, keyBytes),
    iv: hkdfExpandLabel(hash, secret, 'iv', none, 12),
  };
}

/** verify_data of Finished, and PSK binders (RFC 9846 §4.5.3). */
export function finishedMac(hash: HashFunction, baseKey: Uint8Array, transcriptHash: Uint8Array): Uint8Array {
  const finishedKey = hkdfExpandLabel(hash, baseKey, 'finished', new Uint8Array(0), hash.outputBytes);
  return hash.hmac(finishedKey, [transcriptHash]);
}

/** TLS-Exporter (RFC 9846 §7.5): "If no context is provided, the context_value is zero length". */
export function exportKeyingMaterial(
  hash: HashFunction,
  exporterSecret: Uint8Array,
  label: string,
  context: Uint8Array | undefined,
  length: number,
): Uint8Array {
  const { emptyHash } = constantsOf(hash);
  const secret = deriveSecret(hash, exporterSecret, label, emptyHash);
  const contextHash = context === undefined ? emptyHash : hash.digest([context]);
  return hkdfExpandLabel(hash, secret, 'exporter', contextHash, length);
}

/** What is the same in every connection: public values, computed once for each hash function. */
function constantsOf(hash: HashFunction): Constants {
  let known = constants.get(hash);
  if (known === undefined) {
    known = { emptyHash: hash.digest([]) };
    constants.set(hash, known);
  }
  return known;
}

interface Constants {
  /** Transcript-Hash(""). */
  readonly emptyHash: Uint8Array;
}

const constants = /* @__PURE__ */ new WeakMap<HashFunction, Constants>();

function zeros(hash: HashFunction): Uint8Array {
  return new Uint8Array(hash.outputBytes);
}
