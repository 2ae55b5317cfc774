import type { AskedBlock, CustomExtension, CustomPlace, CustomRefusal } from '../config/custom-extensions.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { ExtensionBlock } from '../extensions/block.ts';
import { messageNames } from '../extensions/definition.ts';
import type { Effect } from '../machine/step.ts';
import type { Certificate } from '../messages/certificate.ts';
import { copyOf } from '../wire/bytes.ts';

/**
 * The peer's extensions of the types that the application knows (RFC 9846 §4.3), judged by it. Extensions that answer
 * nothing have been refused already, and none stands twice.
 */
export function receiveCustomExtensions<P extends CustomPlace | 'HRR'>(
  extensions: readonly CustomExtension[],
  block: ExtensionBlock<P>,
  request?: AskedBlock,
): readonly Effect[] {
  const { place } = block;
  const at = (type: number) => ({
    section: 'RFC 9846 §4.3',
    handshakeMessage: messageNames[place],
    field: `${messageNames[place]}.extensions.0x${type.toString(16).padStart(4, '0')}`,
  });
  const received = extensions.flatMap(({ type, receive }) => {
    const data = block.raw({ type });
    const judge = place === 'HRR' ? undefined : receive?.[place as CustomPlace];
    if (judge === undefined) {
      if (data === undefined) return [];
      // "recognizes and which is not specified for the message in which it appears".
      throw new TlsError(
        'peer.forbiddenExtension',
        `${messageNames[place]}: the custom extension ${type} may not stand in this message`,
        at(type),
      );
    }
    const own = data === undefined ? undefined : copyOf(data);
    const refusal = judge === true ? undefined : judge(own, { request: request?.raw({ type }) });
    if (refusal !== undefined) throw new TlsError(codes[refusal.reason], refusal.message, at(type));
    return own === undefined ? [] : [{ in: place, type, data: own }];
  });
  return received.length === 0 ? [] : [{ do: 'peerExtensions', received }];
}

/** Of the entry of the peer's own certificate; those of the others are none of ours. */
export function receiveFromCertificate(
  extensions: readonly CustomExtension[],
  { certificateList: [own] }: Certificate,
  request: AskedBlock,
): readonly Effect[] {
  return own === undefined ? [] : receiveCustomExtensions(extensions, own.extensions, request);
}

const codes: Readonly<Record<CustomRefusal['reason'], ErrorCode>> = {
  illegal: 'peer.illegalExtension',
  malformed: 'peer.malformedMessage',
  missing: 'peer.missingExtension',
  refused: 'local.extensionRefused',
};
