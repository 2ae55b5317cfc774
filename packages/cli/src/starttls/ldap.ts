import type { ClearText } from './clear-text.ts';
import { refused } from './answers.ts';

/**
 * StartTLS of LDAP (RFC 4511 §4.14): an ExtendedRequest with its object identifier and message id 1, in BER; the ExtendedResponse
 * must say success.
 *
 *     LDAPMessage ::= SEQUENCE { messageID INTEGER, protocolOp CHOICE { extendedReq [APPLICATION 23], extendedResp [APPLICATION 24] … } }
 */
export async function startLdap(text: ClearText): Promise<void> {
  const name = element(0x80, Buffer.from('1.3.6.1.4.1.1466.20037', 'latin1'));
  text.write(element(0x30, Buffer.concat([Buffer.of(0x02, 1, 1), element(0x77, name)])));
  const tag = (await text.bytes(1))[0]!;
  if (tag !== 0x30) throw refused('a message of LDAP', `a byte 0x${tag.toString(16)}`);
  const message = await text.bytes(await lengthOf(text));
  const result = resultOf(message);
  if (result === undefined) throw refused('an ExtendedResponse', message.toString('hex'));
  if (result.code !== 0) throw refused('success', `result ${result.code} ${result.diagnostic}`);
}

/** A short or long length of BER. */
async function lengthOf(text: ClearText): Promise<number> {
  const first = (await text.bytes(1))[0]!;
  if (first < 0x80) return first;
  const count = first & 0x7f;
  if (count === 0 || count > 3) throw refused('the length of a message of LDAP', `0x${first.toString(16)}`);
  return (await text.bytes(count)).readUIntBE(0, count);
}

function resultOf(message: Buffer): { readonly code: number; readonly diagnostic: string } | undefined {
  const [id, operation] = elementsIn(message);
  if (id?.tag !== 0x02 || id.content.length !== 1 || id.content[0] !== 1 || operation?.tag !== 0x78)
    return undefined;
  const [code, , diagnostic] = elementsIn(operation.content);
  if (code?.tag !== 0x0a || code.content.length !== 1) return undefined;
  return { code: code.content[0]!, diagnostic: diagnostic?.content.toString('latin1') ?? '' };
}

/** Elements one after the other, as far as they are whole. */
function elementsIn(bytes: Buffer): { readonly tag: number; readonly content: Buffer }[] {
  const found: { tag: number; content: Buffer }[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const tag = bytes[at]!;
    const first = bytes[at + 1]!;
    const count = first < 0x80 ? 0 : first & 0x7f;
    if (count > 3 || at + 2 + count > bytes.length) break;
    const length = count === 0 ? first & 0x7f : bytes.readUIntBE(at + 2, count);
    const start = at + 2 + count;
    if (start + length > bytes.length) break;
    found.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

/** What is written here is short. */
function element(tag: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}
