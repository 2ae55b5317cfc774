import { TlsError } from '../errors/tls-error.ts';
import { struct, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * KeyUpdate (RFC 9846 §4.7.3).
 *
 *     enum {
 *         update_not_requested(0), update_requested(1), (255)
 *     } KeyUpdateRequest;
 *
 *     struct {
 *         KeyUpdateRequest request_update;
 *     } KeyUpdate;
 */
export interface KeyUpdate {
  readonly type: 'key_update';
  /** Whether the receiver is to update its own keys too. */
  readonly updateRequested: boolean;
}

const keyUpdateRequest: Codec<boolean> = {
  read(reader) {
    const request = reader.u8();
    // A closed enum: "any other value" is illegal_parameter, not a decoding failure.
    if (request > 1) {
      throw new TlsError('peer.illegalKeyUpdate', `expected a request_update of 0 or 1, got ${request}`, {
        section: 'RFC 9846 §4.7.3',
        handshakeMessage: 'key_update',
        field: 'key_update.request_update',
      });
    }
    return request === 1;
  },
  write: (writer, requested) => writer.u8(requested ? 1 : 0),
  shape: { is: 'uint', bytes: 1, registry: 'KeyUpdateRequest', values: [0, 1] },
};

export const keyUpdate: Codec<KeyUpdate> = /* @__PURE__ */ message(
  'key_update',
  /* @__PURE__ */ struct({ updateRequested: keyUpdateRequest }),
);
