import type { AeadAlgorithm, AeadKey } from '../crypto/provider.ts';
import { TlsError } from '../errors/tls-error.ts';
import { contentTypes } from '../registry/content-types.ts';
import { copyOf, totalLength } from '../wire/bytes.ts';
import { maxCiphertextBytes, recordHeaderBytes } from './deframer.ts';
import { recordHeader } from './fragmenter.ts';
import type { OpenedRecord, RecordProtection } from './protection.ts';

/** Record protection of TLS 1.3 (RFC 9846 §5.2–5.4). */
export class Aead13 implements RecordProtection {
  readonly recordLimit: number;
  readonly updateAfter: number;
  readonly hidesType = true;
  readonly maxFragmentBytes = maxCiphertextBytes;
  readonly splitsFirstByte = false;
  readonly #key: AeadKey;
  readonly #tagBytes: number;
  readonly #iv: Uint8Array;

  constructor(
    aead: AeadAlgorithm,
    key: Uint8Array,
    iv: Uint8Array,
    recordLimit: number,
    updateAfter: number = recordLimit,
  ) {
    this.#key = aead.key(key);
    this.#tagBytes = aead.tagBytes;
    this.#iv = copyOf(iv);
    this.recordLimit = recordLimit;
    this.updateAfter = updateAfter;
  }

  seal(type: number, content: readonly Uint8Array[], paddingBytes: number, sequence: number): Uint8Array[] {
    const innerBytes = totalLength(content) + 1 + paddingBytes;
    const header = recordHeader(contentTypes.application_data, 0x0303, innerBytes + this.#tagBytes);
    const end = paddingBytes === 0 ? typeAlone[type]! : typeAndPadding(type, paddingBytes);
    // A literal of a spread and more takes the place of seventeen entries, which is collected with every record.
    const inner = content.length === 1 ? [content[0]!, end] : [...content, end];
    const sealed = this.#key.seal(this.#nonceFor(sequence), header, inner);
    return sealed.length === 2 ? [header, sealed[0]!, sealed[1]!] : [header, ...sealed];
  }

  tryOpen(record: Uint8Array, sequence: number): OpenedRecord | undefined {
    const inner = this.#key.open(
      this.#nonceFor(sequence),
      record.subarray(0, recordHeaderBytes),
      record.subarray(recordHeaderBytes),
    );
    if (inner === undefined) return undefined;
    refuseOtherVersion(record);
    // RFC 9846 §5.4: scan from the end for the first non-zero octet; it is the content type.
    let end = inner.length - 1;
    while (end >= 0 && inner[end] === 0) end--;
    if (end < 0) {
      throw new TlsError('peer.allZeroInnerPlaintext', 'a protected record holds nothing but zeros', {
        section: 'RFC 9846 §5.4',
      });
    }
    return { type: inner[end]!, content: inner.subarray(0, end), innerBytes: inner.length };
  }

  wipe(): void {
    this.#key.wipe();
    this.#iv.fill(0);
    nonce.fill(0);
  }

  /** RFC 9846 §5.3: the sequence number, left-padded, XORed with the static IV. */
  #nonceFor(sequence: number): Uint8Array {
    nonce.set(this.#iv);
    let rest = sequence;
    for (let i = 11; rest > 0; i--) {
      nonce[i]! ^= rest % 256;
      rest = Math.floor(rest / 256);
    }
    return nonce;
  }
}

/**
 * The field "is always 0x0303" (RFC 9846 §5.2), and "MAY be validated" (§E): that of protected records alone. After opening: what
 * nobody has sealed is no word of the peer's.
 */
function refuseOtherVersion(record: Uint8Array): void {
  if (record[1] === 0x03 && record[2] === 0x03) return;
  throw new TlsError(
    'peer.badRecordVersion',
    `a protected record has version ${record[1]}.${record[2]} in place of 3.3`,
    { section: 'RFC 9846 §5.2', field: 'legacy_record_version' },
  );
}

function typeAndPadding(type: number, paddingBytes: number): Uint8Array {
  const end = new Uint8Array(1 + paddingBytes);
  end[0] = type;
  return end;
}

/** One-byte ends for records without padding, by content type. */
const typeAlone: readonly Uint8Array[] = /* @__PURE__ */ Array.from(
  { length: 24 },
  (_, type) => new Uint8Array([type]),
);

/** Reused for every record of every connection: providers keep no argument, and nothing comes in between. */
const nonce = /* @__PURE__ */ new Uint8Array(12);
