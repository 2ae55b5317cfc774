import type { Connection } from '@sealwire/core';

/** Brings what one end has to say to the other; returns how many bytes, and how many of data it has delivered itself. */
export function carry(from: Connection, to: Connection): { readonly bytes: number; readonly data: number } {
  let [bytes, data] = [0, 0];
  for (let output = from.poll(); output !== undefined; output = from.poll()) {
    if (output.type === 'data') data += output.bytes.length;
    if (output.type !== 'transmit') continue;
    // As a socket brings them: what was written as several pieces is read as one.
    const chunk = Buffer.concat(output.pieces);
    bytes += chunk.length;
    to.receive(chunk, Date.now());
  }
  return { bytes, data };
}
