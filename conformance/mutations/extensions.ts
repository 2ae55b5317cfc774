/** Extension blocks of handshake messages, so that mutants can have extensions too many, too few or elsewhere. */

/** Where the two length bytes of a message's extension block stand; `undefined` if it has none or is broken. */
export function extensionsAt(message: Uint8Array): number | undefined {
  const at = offsetOfBlock(message);
  if (at === undefined || at + 2 > message.length) return undefined;
  return at + 2 + ((message[at]! << 8) | message[at + 1]!) <= message.length ? at : undefined;
}

/** The extensions of the block at `at`, each with its type and length. */
export function extensionsIn(message: Uint8Array, at: number): Uint8Array[] {
  const end = at + 2 + ((message[at]! << 8) | message[at + 1]!);
  const extensions: Uint8Array[] = [];
  for (let next = at + 2; next + 4 <= end; ) {
    const length = 4 + ((message[next + 2]! << 8) | message[next + 3]!);
    extensions.push(message.slice(next, next + length));
    next += length;
  }
  return extensions;
}

/** The message with these extensions in place of its own, all lengths corrected. */
export function withExtensions(
  message: Uint8Array,
  at: number,
  extensions: readonly Uint8Array[],
): Uint8Array {
  const end = at + 2 + ((message[at]! << 8) | message[at + 1]!);
  const block = Buffer.concat(extensions);
  const length = Buffer.from([block.length >> 8, block.length & 0xff]);
  const changed = Buffer.concat([message.subarray(0, at), length, block, message.subarray(end)]);
  return withLength(changed);
}

/** The message with its header saying how long it is. */
export function withLength(message: Uint8Array): Uint8Array {
  const corrected = Uint8Array.from(message);
  const length = message.length - 4;
  corrected.set([length >> 16, (length >> 8) & 0xff, length & 0xff], 1);
  return corrected;
}

/** RFC 9846 §4.2.2, §4.2.3, §4.4.1, §4.4.2. */
function offsetOfBlock(message: Uint8Array): number | undefined {
  const afterSession = 4 + 2 + 32 + 1 + (message[38] ?? 0);
  switch (message[0]) {
    case clientHello: {
      const suites = ((message[afterSession] ?? 0) << 8) | (message[afterSession + 1] ?? 0);
      const afterSuites = afterSession + 2 + suites;
      return afterSuites + 1 + (message[afterSuites] ?? 0);
    }
    case serverHello:
      return afterSession + 3;
    case encryptedExtensions:
      return 4;
    case certificateRequest:
      return 5 + (message[4] ?? 0);
    default:
      return undefined;
  }
}

const clientHello = 1;
const serverHello = 2;
const encryptedExtensions = 8;
const certificateRequest = 13;
