import { type CryptoProvider, refuseUnknownOptions } from '@sealwire/core';
import { requireDer, requireProvider } from '../../callers.ts';
import { berToDer } from '../../der/ber.ts';
import { DerReader, contextTag, tags } from '../../der/reader.ts';
import { readObjectIdentifier, readSmallInteger } from '../../der/values.ts';
import { decryptionContext, type DecryptionOptions, wrongPassphrase } from '../../encryption/decryption.ts';
import type { DecryptionContext } from '../../encryption/parameters.ts';
import { noPassword, type Password, passwordOf } from '../../encryption/passphrase.ts';
import { decrypt, readEncryptionScheme } from '../../encryption/scheme.ts';
import { isX509Error, X509Error } from '../../errors.ts';
import { isPkcs8 } from '../../keys/pkcs8.ts';
import { contentIds } from './ids.ts';
import { identitiesOf, type Pkcs12Identity } from './identities.ts';
import { type Mac, readMac } from './mac.ts';
import {
  type Bags,
  type Pkcs12Certificate,
  type Pkcs12Crl,
  type Pkcs12Key,
  type Pkcs12Secret,
  readSafeContents,
} from './safe-contents.ts';

/** Without `passphrase`, files are read that have none, or the empty one. */
export interface Pkcs12Options extends DecryptionOptions {
  readonly provider: CryptoProvider;
  /** Read a file that nothing protects from changes. Default false: somebody may have taken the MAC off. */
  readonly allowMissingMac?: boolean;
}

/** What a PKCS #12 file holds, in its order. All bytes are copies. */
export interface Pkcs12 {
  /** The keys that have a certificate here, each with its chain: for `loadCredential`. */
  readonly identities: readonly Pkcs12Identity[];
  readonly keys: readonly Pkcs12Key[];
  readonly certificates: readonly Pkcs12Certificate[];
  readonly crls: readonly Pkcs12Crl[];
  readonly secrets: readonly Pkcs12Secret[];
  /** Object identifiers of entries of other kinds, which were passed over. */
  readonly others: readonly string[];
  /** What protects it from changes: the MAC of PKCS #12, PBMAC1 (RFC 9879), or `none`. */
  readonly mac: Mac['type'] | 'none';
}

/**
 * Reads a PKCS #12 file (RFC 7292; `.p12`, `.pfx`), DER or BER:
 *
 *     PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo, macData MacData OPTIONAL }
 *
 * The MAC is checked before anything inside is looked at. Throws `X509Error`: `encryption.passphraseWrong` or
 * `encryption.passphraseMissing` where the MAC says so, `container.noMac` without one, `encryption.rc2NotAllowed` for RC2
 * without `allowRc2`, `encryption.tooCostly` beyond the limits, and other `container.…`, `encryption.…` and `der.…` codes.
 */
export function readPkcs12(input: Uint8Array, options: Pkcs12Options): Pkcs12 {
  requireDer(input, 'PFX');
  refuseUnknownOptions('readPkcs12', options, Object.keys(optionNames));
  requireProvider(options.provider);
  const { provider, passphrase } = options;
  const context = decryptionContext(provider, options);
  const given = passphrase === undefined ? undefined : passwordOf(passphrase);
  const { contents, mac } = readPfx(input);
  if (mac === undefined && options.allowMissingMac !== true) {
    throw new X509Error(
      'container.noMac',
      'expected a file with a MAC, got one that anybody may have changed: read it with allowMissingMac',
    );
  }
  let passwords = candidates(given);
  if (mac !== undefined) {
    const right = passwords.find((password) => mac.verify(password, contents, context));
    if (right === undefined) throw refusal(given);
    passwords = [right, ...passwords.filter((password) => password !== right)];
  }
  const bags: Bags = { keys: [], certificates: [], crls: [], secrets: [], others: [] };
  const opener = new Opener(passwords, refusal(given), context);
  readAuthenticatedSafe(contents, bags, opener);
  return {
    identities: identitiesOf(bags.keys, bags.certificates, provider),
    ...bags,
    mac: mac?.type ?? 'none',
  };
}

/** No password and the empty one are two (RFC 7292 appendix B.1), which programs and people do not tell apart. */
function candidates(given: Password | undefined): Password[] {
  const empty = passwordOf('');
  if (given === undefined) return [noPassword, empty];
  return given.bytes.length === 0 ? [empty, noPassword] : [given];
}

function refusal(given: Password | undefined): X509Error {
  if (given !== undefined) return wrongPassphrase('the PKCS #12 file');
  return new X509Error('encryption.passphraseMissing', 'expected a passphrase for the PKCS #12 file');
}

/** `ContentInfo ::= SEQUENCE { contentType, content [0] EXPLICIT ANY }`; the MAC is over the octets of the content. */
function readPfx(input: Uint8Array): { contents: Uint8Array; mac: Mac | undefined } {
  const reader = new DerReader(berToDer(input), 'PFX');
  const pfx = reader.enter(tags.sequence, 'PFX');
  reader.finish();
  const version = readSmallInteger(pfx, 'version');
  if (version !== 3)
    throw pfx.error('container.unsupported', `expected version 3, got ${version}`, 'version');
  const authSafe = pfx.enter(tags.sequence, 'authSafe');
  const type = readObjectIdentifier(authSafe, 'contentType');
  if (type !== contentIds.data) {
    const got = type === contentIds.signedData ? 'a signature' : type;
    throw authSafe.error('container.unsupported', `expected a file protected by a passphrase, got ${got}`);
  }
  const contents = dataOf(authSafe);
  const mac = pfx.done ? undefined : readMac(pfx);
  pfx.finish();
  return { contents, mac };
}

function dataOf(contentInfo: DerReader): Uint8Array {
  const explicit = contentInfo.enter(contextTag.constructed(0), 'content');
  contentInfo.finish();
  const data = explicit.content(tags.octetString, 'data');
  explicit.finish();
  return data;
}

/** `AuthenticatedSafe ::= SEQUENCE OF ContentInfo` (§4.1). */
function readAuthenticatedSafe(contents: Uint8Array, bags: Bags, opener: Opener): void {
  const reader = new DerReader(berToDer(contents), 'AuthenticatedSafe');
  const safes = reader.enter(tags.sequence, 'AuthenticatedSafe');
  reader.finish();
  const unshroud = (encrypted: Uint8Array): Uint8Array => opener.openKey(encrypted);
  while (!safes.done) {
    const safe = safes.enter(tags.sequence, 'ContentInfo');
    const type = readObjectIdentifier(safe, 'contentType');
    switch (type) {
      case contentIds.data:
        readSafeContents(dataOf(safe), bags, unshroud);
        break;
      case contentIds.encryptedData:
        readSafeContents(opener.openData(safe), bags, unshroud);
        break;
      default: {
        const got = type === contentIds.envelopedData ? 'contents for a public key' : type;
        throw safe.error('container.unsupported', `expected contents for a passphrase, got ${got}`);
      }
    }
  }
}

/** Decrypts with the first password that leads to contents of the right kind; there are two only where it is empty. */
class Opener {
  readonly #passwords: readonly Password[];
  readonly #refusal: X509Error;
  readonly #context: DecryptionContext;

  constructor(passwords: readonly Password[], refusal: X509Error, context: DecryptionContext) {
    this.#passwords = passwords;
    this.#refusal = refusal;
    this.#context = context;
  }

  /**
   * RFC 5652 §8, §6.1:
   *
   *     EncryptedData ::= SEQUENCE { version, EncryptedContentInfo, unprotectedAttrs [1] OPTIONAL }
   *     EncryptedContentInfo ::= SEQUENCE { contentType, contentEncryptionAlgorithm AlgorithmIdentifier,
   *                                         encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL }
   */
  openData(contentInfo: DerReader): Uint8Array {
    const explicit = contentInfo.enter(contextTag.constructed(0), 'content');
    contentInfo.finish();
    const data = explicit.enter(tags.sequence, 'EncryptedData');
    explicit.finish();
    readSmallInteger(data, 'version');
    const info = data.enter(tags.sequence, 'encryptedContentInfo');
    const type = readObjectIdentifier(info, 'contentType');
    if (type !== contentIds.data)
      throw info.error('container.unsupported', `expected encrypted data, got ${type}`, 'contentType');
    const scheme = readEncryptionScheme(info, 'contentEncryptionAlgorithm');
    const encrypted = encryptedContent(info);
    info.finish();
    return this.#open(
      (password) => decrypt(scheme, password, encrypted, this.#context),
      (text) => isReadable(text),
    );
  }

  /** `EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm, encryptedData OCTET STRING }` (RFC 5958 §3) */
  openKey(der: Uint8Array): Uint8Array {
    const reader = new DerReader(der, 'EncryptedPrivateKeyInfo');
    const fields = reader.enter(tags.sequence, 'EncryptedPrivateKeyInfo');
    const scheme = readEncryptionScheme(fields, 'encryptionAlgorithm');
    const encrypted = fields.content(tags.octetString, 'encryptedData');
    fields.finish();
    return this.#open((password) => decrypt(scheme, password, encrypted, this.#context), isPkcs8);
  }

  #open(
    decrypted: (password: Password) => Uint8Array | undefined,
    isRight: (text: Uint8Array) => boolean,
  ): Uint8Array {
    for (const password of this.#passwords) {
      const text = decrypted(password);
      if (text !== undefined && isRight(text)) return text;
    }
    throw this.#refusal;
  }
}

/** Implicitly tagged, so that what BER writes in segments looks like a structure. */
function encryptedContent(info: DerReader): Uint8Array {
  if (info.nextTag !== contextTag.constructed(0))
    return info.content(contextTag.primitive(0), 'encryptedContent');
  const segments = info.enter(contextTag.constructed(0), 'encryptedContent');
  const pieces: Uint8Array[] = [];
  while (!segments.done) pieces.push(segments.content(tags.octetString, 'segment'));
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A structure at all: a wrong password that leaves a good padding by chance leaves noise before it. */
function isReadable(text: Uint8Array): boolean {
  try {
    return berToDer(text)[0] === tags.sequence;
  } catch (error) {
    if (isX509Error(error)) return false;
    throw error;
  }
}

const optionNames: Readonly<Record<keyof Pkcs12Options, true>> = {
  provider: true,
  passphrase: true,
  allowMissingMac: true,
  allowRc2: true,
  maxIterations: true,
  maxScryptBytes: true,
};
