import type {
  AeadAlgorithm,
  CbcCipher,
  CbcKey,
  CryptoProvider,
  HashFunction,
  HashState,
  KeyExchangeGroup,
  KeyExchangeKey,
  PublicKey,
} from '@sealwire/core';
import { Memory, nameOf } from './memory.ts';

/**
 * The same provider, remembering what it has computed: of a conversation and its mutant nearly all secrets, keys
 * and records are the same. Only functions of their arguments are remembered; what draws randomness is passed on.
 */
export function memoizedProvider(provider: CryptoProvider): CryptoProvider {
  return {
    ...provider,
    hashes: mapped(provider.hashes, copyableHash),
    aeads: mapped(provider.aeads, copyableAead),
    ...(provider.cbcs && { cbcs: mapped(provider.cbcs, memoizedCbc) }),
    groups: mapped(provider.groups, memoizedGroup),
    importPublicKey(spki) {
      return publicKeys.recall(nameOf(spki), () => {
        const key = provider.importPublicKey(spki);
        return key && memoizedPublicKey(key);
      });
    },
  };
}

function copyableHash(hash: HashFunction): HashFunction {
  return { ...hash, create: () => new Pieces(hash) };
}

/** What was hashed so far; hashed when somebody asks. */
class Pieces implements HashState {
  readonly #hash: HashFunction;
  #pieces: readonly Uint8Array[];

  constructor(hash: HashFunction, pieces: readonly Uint8Array[] = []) {
    this.#hash = hash;
    this.#pieces = pieces;
  }

  update(bytes: Uint8Array): void {
    this.#pieces = [...this.#pieces, Uint8Array.from(bytes)];
  }

  fork(): HashState {
    return new Pieces(this.#hash, this.#pieces);
  }

  digest(): Uint8Array {
    return this.#hash.digest(this.#pieces);
  }
}

function copyableAead(aead: AeadAlgorithm): AeadAlgorithm {
  return {
    ...aead,
    key(bytes) {
      const made = aead.key(Uint8Array.from(bytes));
      return {
        seal: (nonce, aad, pieces) => made.seal(nonce, aad, pieces),
        open: (nonce, aad, sealed) => made.open(nonce, aad, sealed),
        wipe() {},
      };
    },
  };
}

function memoizedCbc(cbc: CbcCipher): CbcCipher {
  return {
    ...cbc,
    key(bytes) {
      const name = `${cbc.name} ${nameOf(bytes)}`;
      const key = () => cbcKeys.recall(name, () => cbc.key(Uint8Array.from(bytes)));
      return {
        encrypt: (iv, pieces) =>
          encrypted
            .recall(`encrypt ${name} ${nameOf(iv)} ${pieces.map(nameOf).join()}`, () =>
              key().encrypt(iv, pieces),
            )
            .slice(),
        decrypt: (iv, ciphertext) =>
          encrypted
            .recall(`decrypt ${name} ${nameOf(iv)} ${nameOf(ciphertext)}`, () =>
              key().decrypt(iv, ciphertext),
            )
            .slice(),
        wipe() {},
      };
    },
  };
}

function memoizedGroup(group: KeyExchangeGroup): KeyExchangeGroup {
  return {
    ...group,
    restore(privateBytes) {
      const name = `${group.name} ${nameOf(privateBytes)}`;
      return keys.recall(name, () => {
        const key = group.restore(privateBytes);
        return key && memoizedKey(name, key);
      });
    },
  };
}

function memoizedKey(name: string, key: KeyExchangeKey): KeyExchangeKey {
  const share = key.share;
  const exported = key.exportPrivate();
  return {
    get share() {
      return share.slice();
    },
    finish: (serverShare) =>
      secrets.recall(`${name} ${nameOf(serverShare)}`, () => key.finish(serverShare))?.slice(),
    exportPrivate: () => exported.slice(),
    wipe() {},
  };
}

function memoizedPublicKey(key: PublicKey): PublicKey {
  const name = nameOf(key.spki);
  return {
    kind: key.kind,
    spki: key.spki,
    verify: (algorithm, message, signature) =>
      verdicts.recall(`${name} ${JSON.stringify(algorithm)} ${nameOf(message)} ${nameOf(signature)}`, () =>
        key.verify(algorithm, message, signature),
      ),
    encryptPkcs1: (message, source) => key.encryptPkcs1?.(message, source),
  };
}

function mapped<N extends string, T>(
  table: Readonly<Partial<Record<N, T>>>,
  change: (entry: T) => T,
): Readonly<Partial<Record<N, T>>> {
  const entries = Object.entries(table) as [N, T][];
  return Object.fromEntries(entries.map(([name, entry]) => [name, change(entry)])) as Partial<Record<N, T>>;
}

const encrypted = new Memory<Uint8Array>(2_000);
const cbcKeys = new Memory<CbcKey>(1_000);
const keys = new Memory<KeyExchangeKey | undefined>(1_000);
const secrets = new Memory<Uint8Array | undefined>(1_000);
const verdicts = new Memory<boolean>(1_000);
const publicKeys = new Memory<PublicKey | undefined>(100);
