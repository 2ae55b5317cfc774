import { latin1, latin1Bytes } from '../../wire/bytes.ts';
import { opaque8, struct, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * NextProtocol (draft-agl-tls-nextprotoneg-04 §3): the client's choice, sealed, between its ChangeCipherSpec and its
 * Finished. The padding hides how long the name is.
 *
 *     struct {
 *         opaque selected_protocol<0..255>;
 *         opaque padding<0..255>;
 *     } NextProtocol;
 */
export interface NextProtocol {
  readonly type: 'next_protocol';
  /** One character a byte, as names of ALPN are. */
  readonly selectedProtocol: string;
  /** Means nothing. */
  readonly padding: Uint8Array;
}

const name = /* @__PURE__ */ opaque8();

const selectedProtocol: Codec<string> = {
  read: (reader) => latin1(name.read(reader)),
  write: (writer, value) => name.write(writer, latin1Bytes(value)),
  shape: { is: 'opaque', lengthBytes: 1, min: 0, max: 0xff, content: 'latin1' },
};

export const nextProtocol: Codec<NextProtocol> = /* @__PURE__ */ message(
  'next_protocol',
  /* @__PURE__ */ struct({ selectedProtocol, padding: /* @__PURE__ */ opaque8() }),
);

/** The message for this name, padded with as many zeros as the draft wants: "32 - ((len(selected_protocol) + 2) % 32)". */
export function nextProtocolOf(selectedProtocol: string): NextProtocol {
  const padding = new Uint8Array(32 - ((selectedProtocol.length + 2) % 32));
  return { type: 'next_protocol', selectedProtocol, padding };
}
