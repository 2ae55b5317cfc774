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
    hashes: mapped(provider.hashes, memoizedHash),
    aeads: mapped(provider.aeads, memoizedAead),
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

function memoizedHash(hash: HashFunction): HashFunction {
  const root = new Prefix(hash, undefined, new Uint8Array(0));
  return {
    ...hash,
    digest: (pieces) =>
      digests.recall(`${hash.name} ${pieces.map(nameOf).join()}`, () => hash.digest(pieces)).slice(),
    hmac: (key, pieces) =>
      digests
        .recall(`hmac ${hash.name} ${nameOf(key)} ${pieces.map(nameOf).join()}`, () => hash.hmac(key, pieces))
        .slice(),
    create: () => new PrefixState(root),
  };
}

/** What was hashed so far, as a node of a tree of all that ever was; hashed when somebody asks. */
class Prefix {
  readonly #hash: HashFunction;
  readonly #parent: Prefix | undefined;
  readonly #bytes: Uint8Array;
  readonly #next = new Memory<Prefix>(200);
  #digest: Uint8Array | undefined;

  constructor(hash: HashFunction, parent: Prefix | undefined, bytes: Uint8Array) {
    this.#hash = hash;
    this.#parent = parent;
    this.#bytes = bytes;
  }

  with(bytes: Uint8Array): Prefix {
    return this.#next.recall(nameOf(bytes), () => new Prefix(this.#hash, this, Uint8Array.from(bytes)));
  }

  get digest(): Uint8Array {
    this.#digest ??= this.#hash.digest(this.#pieces());
    return this.#digest;
  }

  #pieces(): Uint8Array[] {
    const pieces = this.#parent === undefined ? [] : this.#parent.#pieces();
    pieces.push(this.#bytes);
    return pieces;
  }
}

class PrefixState implements HashState {
  #prefix: Prefix;

  constructor(prefix: Prefix) {
    this.#prefix = prefix;
  }

  update(bytes: Uint8Array): void {
    this.#prefix = this.#prefix.with(bytes);
  }

  fork(): HashState {
    return new PrefixState(this.#prefix);
  }

  digest(): Uint8Array {
    return this.#prefix.digest.slice();
  }
}

function memoizedAead(aead: AeadAlgorithm): AeadAlgorithm {
  return {
    ...aead,
    key(bytes) {
      const name = `${aead.name} ${nameOf(bytes)}`;
      // Prepared when it is first needed, and never wiped: a wiped key would have to be prepared again.
      const key = () => aeadKeys.recall(name, () => aead.key(Uint8Array.from(bytes)));
      return {
        seal: (nonce, aad, pieces) =>
          sealed
            .recall(`seal ${name} ${nameOf(nonce)} ${nameOf(aad)} ${pieces.map(nameOf).join()}`, () =>
              key().seal(nonce, aad, pieces),
            )
            .map((piece) => piece.slice()),
        open: (nonce, aad, bytes) =>
          opened
            .recall(`open ${name} ${nameOf(nonce)} ${nameOf(aad)} ${nameOf(bytes)}`, () =>
              key().open(nonce, aad, bytes)?.slice(),
            )
            ?.slice(),
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

const digests = new Memory<Uint8Array>(5_000);
const sealed = new Memory<Uint8Array[]>(2_000);
const opened = new Memory<Uint8Array | undefined>(2_000);
const aeadKeys = new Memory<ReturnType<AeadAlgorithm['key']>>(1_000);
const encrypted = new Memory<Uint8Array>(2_000);
const cbcKeys = new Memory<CbcKey>(1_000);
const keys = new Memory<KeyExchangeKey | undefined>(1_000);
const secrets = new Memory<Uint8Array | undefined>(1_000);
const verdicts = new Memory<boolean>(1_000);
const publicKeys = new Memory<PublicKey | undefined>(100);
