import { DerReader } from '../../der/reader.ts';
import { sameBytes } from '../../der/bytes.ts';
import { extensionIds } from '../../extensions/registry.ts';
import type { DistinguishedName } from '../../names/distinguished-name.ts';
import type { GeneralName } from '../../names/general-name.ts';
import { type RevokedCertificate, readEntry } from './entry.ts';

/**
 * The entries of a CRL. Each is checked once, when the CRL is read, and becomes an object when it is asked for:
 * a CRL may have a hundred thousand, of which hardly one is ever looked at.
 */
export class RevokedEntries implements Iterable<RevokedCertificate> {
  readonly #bytes: Uint8Array;
  readonly #hasExtensions: boolean;
  /** Where each entry starts. */
  readonly #starts: Uint32Array;
  readonly #end: number;
  /** Places of the entries that name a certificate issuer, ascending (RFC 5280 §5.3.3). */
  readonly #issuerChanges: readonly number[];
  #index: SerialIndex | undefined;
  /** The first critical entry extension that nobody here understands. */
  readonly unhandledCritical: string | undefined;

  constructor(scanned: ScannedEntries) {
    this.#bytes = scanned.bytes;
    this.#hasExtensions = scanned.hasExtensions;
    this.#starts = scanned.starts;
    this.#end = scanned.end;
    this.#issuerChanges = scanned.issuerChanges;
    this.unhandledCritical = scanned.unhandledCritical;
  }

  get size(): number {
    return this.#starts.length;
  }

  /** Whether an entry says of which issuer its certificate is. */
  get namesIssuers(): boolean {
    return this.#issuerChanges.length > 0;
  }

  *[Symbol.iterator](): Generator<RevokedCertificate> {
    for (let place = 0; place < this.size; place++) yield this.#entry(place);
  }

  /**
   * All entries about the certificate of this issuer and number, in order; usually none or one. `issuer`: whose
   * certificates those entries are about that no `certificateIssuer` stands at or before.
   */
  find(serialNumber: Uint8Array, certificateIssuer: DistinguishedName, issuer: DistinguishedName) {
    const found: RevokedCertificate[] = [];
    for (const place of this.#indexed().places(serialNumber)) {
      const entry = this.#entry(place);
      if (sameBytes(entry.serialNumber, serialNumber) && this.#isOf(place, certificateIssuer, issuer))
        found.push(entry);
    }
    return found;
  }

  /** "this and the following entries until the next one that names another" (§5.3.3), in our words. */
  #isOf(place: number, certificateIssuer: DistinguishedName, issuer: DistinguishedName): boolean {
    const names = this.#issuerAt(place);
    if (names === undefined) return issuer.equals(certificateIssuer);
    return names.some((name) => name.type === 'directory' && name.value.equals(certificateIssuer));
  }

  #issuerAt(place: number): readonly GeneralName[] | undefined {
    let low = 0;
    let high = this.#issuerChanges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#issuerChanges[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : this.#entry(this.#issuerChanges[low - 1]!).certificateIssuer;
  }

  #entry(place: number): RevokedCertificate {
    const reader = new DerReader(this.#bytes, 'CertificateList.tbsCertList.revokedCertificates', {
      start: this.#starts[place]!,
      end: this.#starts[place + 1] ?? this.#end,
    });
    return readEntry(reader, this.#hasExtensions);
  }

  #indexed(): SerialIndex {
    return (this.#index ??= new SerialIndex(this.#bytes, this.#starts));
  }
}

interface ScannedEntries {
  readonly bytes: Uint8Array;
  readonly hasExtensions: boolean;
  readonly starts: Uint32Array;
  readonly end: number;
  readonly issuerChanges: readonly number[];
  readonly unhandledCritical: string | undefined;
}

/** Checks every entry of `list`. `hasExtensions`: whether the CRL's version has entry extensions. */
export function scanEntries(list: DerReader, hasExtensions: boolean): RevokedEntries {
  const { bytes, end } = list;
  // The smallest entry has 20 octets: SEQUENCE, a number of one octet, UTCTime.
  let starts = new Uint32Array(Math.min(1_024, Math.ceil((end - list.at) / 20) + 1));
  let count = 0;
  const issuerChanges: number[] = [];
  let unhandledCritical: string | undefined;
  for (let at = list.at; at < end; ) {
    if (count === starts.length) {
      const longer = new Uint32Array(starts.length * 2);
      longer.set(starts);
      starts = longer;
    }
    starts[count] = at;
    const next = skipUsualEntry(bytes, at, end, hasExtensions);
    if (next !== -1) at = next;
    else {
      const reader = new DerReader(bytes, list.path(), { start: at, end });
      const entry = readEntry(reader, hasExtensions);
      at = reader.at;
      if (entry.certificateIssuer !== undefined) issuerChanges.push(count);
      for (const { id, critical } of entry.extensions.values())
        if (critical && !understood.has(id)) unhandledCritical ??= id;
    }
    count++;
  }
  return new RevokedEntries({
    bytes,
    hasExtensions,
    starts: starts.slice(0, count),
    end,
    issuerChanges,
    unhandledCritical,
  });
}

/**
 * Where the next entry starts, if this one is as nearly all are: a positive number of at most 20 octets in its shortest
 * form, UTCTime, and no extension or reasonCode alone. -1: anything else, right or wrong, which `readEntry` reads.
 */
function skipUsualEntry(bytes: Uint8Array, at: number, end: number, hasExtensions: boolean): number {
  const length = bytes[at + 1]!;
  const next = at + 2 + length;
  if (bytes[at] !== 0x30 || length > 0x7f || next > end || bytes[at + 2] !== 0x02) return -1;
  const octets = bytes[at + 3]!;
  if (octets < 1 || octets > 21) return -1;
  const [first, second] = [bytes[at + 4]!, bytes[at + 5]!];
  if (first >= 0x80 || (first === 0 && octets > 1 && second < 0x80)) return -1;
  const time = at + 4 + octets;
  if (time + 15 > next || bytes[time] !== 0x17 || bytes[time + 1] !== 13 || bytes[time + 14] !== 0x5a)
    return -1;
  for (let i = time + 2; i < time + 14; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return -1;
  const two = (i: number): number => (bytes[i]! - 0x30) * 10 + bytes[i + 1]! - 0x30;
  const [month, day] = [two(time + 4), two(time + 6)];
  // The last days of a month are left to the calendar of `readTime`.
  if (month < 1 || month > 12 || day < 1 || day > 28) return -1;
  if (two(time + 8) > 23 || two(time + 10) > 59 || two(time + 12) > 59) return -1;
  const extensions = time + 15;
  if (extensions === next) return next;
  if (!hasExtensions || next - extensions !== reasonAlone.length + 1) return -1;
  for (let i = 0; i < reasonAlone.length; i++) if (bytes[extensions + i] !== reasonAlone[i]) return -1;
  const reason = bytes[next - 1]!;
  return reason <= 10 && reason !== 7 ? next : -1;
}

/**
 * Entries by serial number, in buckets that a counting sort fills: whatever numbers a CRL has, making it takes time in
 * proportion to their count, and looking something up never more than reading all of them.
 */
class SerialIndex {
  readonly #bucketEnds: Uint32Array;
  readonly #places: Uint32Array;
  readonly #mask: number;

  constructor(bytes: Uint8Array, starts: Uint32Array) {
    let buckets = 1;
    while (buckets < starts.length) buckets *= 2;
    this.#mask = buckets - 1;
    const hashes = new Uint32Array(starts.length);
    const ends = new Uint32Array(buckets + 1);
    for (let place = 0; place < starts.length; place++) {
      const hash = this.#hash(serialAt(bytes, starts[place]!));
      hashes[place] = hash;
      ends[hash + 1]!++;
    }
    for (let bucket = 1; bucket <= buckets; bucket++) ends[bucket]! += ends[bucket - 1]!;
    const filled = ends.slice();
    this.#places = new Uint32Array(starts.length);
    for (let place = 0; place < starts.length; place++) this.#places[filled[hashes[place]!]!++] = place;
    this.#bucketEnds = ends;
  }

  /** Places that may have this number, ascending. */
  places(serialNumber: Uint8Array): Uint32Array {
    const bucket = this.#hash(serialNumber);
    return this.#places.subarray(this.#bucketEnds[bucket]!, this.#bucketEnds[bucket + 1]!);
  }

  /** FNV-1a. */
  #hash(serialNumber: Uint8Array): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < serialNumber.length; i++) hash = Math.imul(hash ^ serialNumber[i]!, 0x01000193);
    return ((hash ^ (hash >>> 15)) & this.#mask) >>> 0;
  }
}

/** The number of an entry that has been checked. */
function serialAt(bytes: Uint8Array, start: number): Uint8Array {
  const headerOctets = bytes[start + 1]! < 0x80 ? 2 : 2 + (bytes[start + 1]! & 0x7f);
  const at = start + headerOctets;
  if (bytes[at + 1]! < 0x80) return bytes.subarray(at + 2, at + 2 + bytes[at + 1]!);
  return new DerReader(bytes, 'userCertificate', { start: at }).content(0x02, 'userCertificate');
}

/** `Extensions` with reasonCode alone, but for the last octet, which is the reason. */
const reasonAlone: readonly number[] = [
  0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01,
];

const understood: ReadonlySet<string> = /* @__PURE__ */ new Set([
  extensionIds.crlReason,
  extensionIds.invalidityDate,
  extensionIds.certificateIssuer,
]);
