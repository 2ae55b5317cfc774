import type { ExtensionBlock } from '../extensions/block.ts';
import { extensions } from '../extensions/matrix.ts';
import { struct, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * EncryptedExtensions (RFC 9846 §4.4.1).
 *
 *     struct {
 *         Extension extensions<0..2^16-1>;
 *     } EncryptedExtensions;
 */
export interface EncryptedExtensions {
  readonly type: 'encrypted_extensions';
  readonly extensions: ExtensionBlock<'EE'>;
}

export const encryptedExtensions: Codec<EncryptedExtensions> = /* @__PURE__ */ message(
  'encrypted_extensions',
  /* @__PURE__ */ struct({ extensions: /* @__PURE__ */ extensions('EE') }),
);
