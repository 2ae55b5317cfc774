import type { AeadAlgorithm, CbcCipher, KeyExchangeGroup } from '@sealwire/core';

/**
 * What the running node:crypto lacks comes from elsewhere. Whether something works is tried out once, when it
 * is first used: lists of ciphers and curves promise more than Bun's and Deno's versions of node:crypto keep.
 */
export function groupOr(native: () => KeyExchangeGroup, fallback: KeyExchangeGroup): KeyExchangeGroup {
  const chosen = once(() => {
    const group = native();
    const key = group.generate();
    const response = group.respond(key.share);
    const secret = group.restore(key.exportPrivate())?.finish(response?.share ?? key.share);
    const works = secret?.every((byte, i) => byte === response?.secret[i]);
    return works ? group : fallback;
  }, fallback);
  return {
    name: fallback.name,
    clientShareBytes: fallback.clientShareBytes,
    serverShareBytes: fallback.serverShareBytes,
    generate: (source) => chosen().generate(source),
    restore: (privateBytes) => chosen().restore(privateBytes),
    respond: (clientShare, source) => chosen().respond(clientShare, source),
  };
}

export function aeadOr(native: AeadAlgorithm, fallback: AeadAlgorithm): AeadAlgorithm {
  const chosen = once(() => {
    const key = native.key(new Uint8Array(native.keyBytes));
    const sealed = key.seal(new Uint8Array(12), new Uint8Array(5), [new Uint8Array(3)]);
    const joined = Uint8Array.from(sealed.flatMap((piece) => [...piece]));
    return key.open(new Uint8Array(12), new Uint8Array(5), joined)?.length === 3 ? native : fallback;
  }, fallback);
  return { ...native, key: (key) => chosen().key(key) };
}

export function cbcOr(native: CbcCipher, fallback: CbcCipher): CbcCipher {
  const chosen = once(() => {
    const key = native.key(new Uint8Array(native.keyBytes));
    const [iv, text] = [new Uint8Array(native.blockBytes), new Uint8Array(2 * native.blockBytes)];
    const opened = key.decrypt(iv, key.encrypt(iv, [text]));
    const works = opened.length === text.length && opened.every((byte) => byte === 0);
    return works ? native : fallback;
  }, fallback);
  return { ...native, key: (key) => chosen().key(key) };
}

/** For what takes long enough that trying costs nothing: a runtime that lacks a hash or a function says so at once. */
export function orElse<T>(native: () => T, fallback: () => T): T {
  try {
    return native();
  } catch {
    return fallback();
  }
}

/** The value of `make`, made at the first call; `otherwise` if it throws. */
function once<T>(make: () => T, otherwise: T): () => T {
  let value: T | undefined;
  return () => {
    if (value === undefined) {
      try {
        value = make();
      } catch {
        value = otherwise;
      }
    }
    return value;
  };
}
