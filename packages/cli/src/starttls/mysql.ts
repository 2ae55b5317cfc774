import { Problem } from '../problem.ts';
import type { ClearText } from './clear-text.ts';
import { notOffered, refused } from './answers.ts';

/**
 * MySQL's protocol: the server greets with what it can (HandshakeV10); a client that wants TLS answers with the first half of its
 * own answer (SSLRequest). A packet has 3 bytes of length, the lower first, and a number.
 */
export async function startMysql(text: ClearText): Promise<void> {
  const header = await text.bytes(4);
  const greeting = await text.bytes(header.readUIntLE(0, 3));
  if (greeting[0] === 0xff) throw refused('a greeting of MySQL', greeting.subarray(3).toString('latin1'));
  if (greeting[0] !== 10) throw refused('a greeting of MySQL, protocol 10', greeting.toString('latin1'));
  const end = greeting.indexOf(0, 1);
  // Behind the version: a number of 4 bytes, 8 bytes of scramble, a zero, then the lower half of the capabilities.
  const at = end + 1 + 4 + 8 + 1;
  if (end === -1 || greeting.length < at + 2)
    throw new Problem('starttls', 'starttls.refused', 'the greeting of MySQL is too short');
  if ((greeting.readUInt16LE(at) & clientSsl) === 0) throw notOffered('TLS');
  const answer = Buffer.alloc(36);
  answer.writeUIntLE(32, 0, 3);
  answer[3] = (header[3]! + 1) & 0xff;
  answer.writeUInt32LE(clientSsl | clientProtocol41 | clientSecureConnection | clientPluginAuth, 4);
  answer.writeUInt32LE(0x00ff_ffff, 8);
  answer[12] = utf8mb4;
  text.write(Uint8Array.from(answer));
}

const clientProtocol41 = 0x0200;
const clientSsl = 0x0800;
const clientSecureConnection = 0x8000;
const clientPluginAuth = 0x0008_0000;
const utf8mb4 = 45;
