import { createHash } from 'node:crypto';
import { encodePem, type LimitedAnchor, parseCertificate, TrustAnchors } from '@sealwire/x509';
import { mozillaRootList, mozillaRoots, mozillaRootTexts } from '@sealwire/x509/roots';
import { invalidArgType, invalidArgValue } from '../errors/arguments.ts';
import { cryptoOperationFailed } from '../errors/node-codes.ts';
import { thrownOpensslError } from '../errors/openssl-error.ts';
import { validateArray, validateString } from '../errors/validators.ts';
import { nodeMajor } from '../process/host.ts';
import { switches } from '../process/switches.ts';
import { pemError, plainLabels } from './own-certificate.ts';
import { PemReader } from './pem-reader.ts';
import { certificatesOfFile, opensslCertificates, systemCertificates } from './system-store.ts';
import { quietly } from './quietly.ts';

/** Whom contexts trust that name nobody. Which certificates they are is found out when the first connection asks. */
export interface DefaultAnchors {
  readonly certificates: readonly (Uint8Array | LimitedAnchor)[];
  readonly anchors: TrustAnchors;
}

/** Those of this thread and this moment. Who has taken them keeps them, whatever becomes of the default. */
export function defaultAnchors(): DefaultAnchors {
  // A file that cannot be read is warned of now, not when a connection asks.
  if (chosen === undefined && switches().extraCaFile !== undefined) extraCertificates();
  return chosen ?? initial;
}

/** `tls.rootCertificates`: Mozilla's list, PEM. */
export function rootCertificates(): readonly string[] {
  return (bundled ??= frozen(mozillaRootTexts().map((text) => text.trimEnd())));
}

/** `tls.getCACertificates`: PEM, and the same list as long as nothing is changed. */
export function getCACertificates(type: unknown = 'default'): readonly string[] {
  validateString(type, 'type');
  switch (type) {
    case 'default':
      return defaultList();
    case 'bundled':
      return rootCertificates();
    case 'system':
      return (system ??= frozen(systemCertificates().map(pemOf)));
    case 'extra':
      return (extra ??= frozen(extraCertificates().map(pemOf)));
    default:
      throw invalidArgValue('type', type);
  }
}

/** `tls.setDefaultCACertificates`: all or nothing. */
export function setDefaultCACertificates(certs: unknown): void {
  validateArray(certs, 'certs');
  for (const [place, given] of certs.entries()) {
    if (typeof given !== 'string' && !ArrayBuffer.isView(given))
      throw invalidArgType(`certs[${place}]`, ['string', 'ArrayBufferView'], given);
  }
  const read = certs.flatMap((given) => certificatesOf(given as string | ArrayBufferView));
  if (certs.length > 0 && read.length === 0)
    throw cryptoOperationFailed('No valid certificates found in the provided array');
  // Each once; OpenSSL keeps them by their SHA-1.
  const byHash = new Map(read.map((der) => [createHash('sha1').update(der).digest('hex'), der]));
  const certificates = [...byHash].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, der]) => der);
  let anchors: TrustAnchors | undefined;
  chosen = {
    certificates,
    get anchors() {
      return (anchors ??= new TrustAnchors(certificates));
    },
  };
  chosenList = undefined;
}

function defaultList(): readonly string[] {
  if (chosen !== undefined)
    return (chosenList ??= frozen(chosen.certificates.map((der) => pemOf(der as Uint8Array))));
  return (initialList ??= frozen([
    ...(switches().trusts === 'openssl' ? [] : rootCertificates()),
    ...(switches().trusts === 'bundled and system' ? getCACertificates('system') : []),
    ...getCACertificates('extra'),
  ]));
}

const initial: DefaultAnchors = {
  get certificates() {
    return (initialCertificates ??= [...rootsOfSwitches(), ...extraCertificates()]);
  },
  get anchors() {
    const { trusts, extraCaFile } = switches();
    // The same object for everybody in the process: its index is made once.
    if (trusts === 'bundled' && extraCaFile === undefined) return mozillaRoots();
    return (initialAnchors ??= new TrustAnchors(initial.certificates));
  },
};

function rootsOfSwitches(): (Uint8Array | LimitedAnchor)[] {
  const { trusts } = switches();
  if (trusts === 'openssl') return opensslCertificates();
  const roots = mozillaRootList().map(({ der, distrustAfterMs }) =>
    distrustAfterMs === undefined ? der : { certificate: der, distrustAfterMs },
  );
  return trusts === 'bundled' ? roots : [...roots, ...systemCertificates()];
}

/** `NODE_EXTRA_CA_CERTS`. A file that cannot be read is passed over, with a warning; until Node 20 its own comes as it starts. */
function extraCertificates(): readonly Uint8Array[] {
  const { extraCaFile } = switches();
  return (extraDer ??= extraCaFile === undefined ? [] : (certificatesOfFile(extraCaFile, warnAbout) ?? []));
}

function warnAbout(file: string, problem: string): void {
  if (nodeMajor() < 22) return;
  process.emitWarning(`Ignoring extra certs from \`${file}\`, load failed: ${problem}`);
}

function certificatesOf(given: string | ArrayBufferView): Uint8Array[] {
  const reader = new PemReader(given);
  const found: Uint8Array[] = [];
  for (;;) {
    const block = reader.next(plainLabels);
    if (block === 'no start line' || block === 'empty') return found;
    if (typeof block === 'string') throw pemError(block);
    if (quietly(() => parseCertificate(block.der)) === undefined)
      throw thrownOpensslError({ library: 'PEM routines', number: 0x8_000d, reason: 'ASN1 lib' });
    found.push(block.der);
  }
}

function pemOf(der: Uint8Array): string {
  return encodePem('CERTIFICATE', der);
}

function frozen(list: string[]): readonly string[] {
  return Object.freeze(list);
}

let chosen: DefaultAnchors | undefined;
let chosenList: readonly string[] | undefined;
let initialList: readonly string[] | undefined;
let initialCertificates: readonly (Uint8Array | LimitedAnchor)[] | undefined;
let initialAnchors: TrustAnchors | undefined;
let bundled: readonly string[] | undefined;
let system: readonly string[] | undefined;
let extra: readonly string[] | undefined;
let extraDer: readonly Uint8Array[] | undefined;
