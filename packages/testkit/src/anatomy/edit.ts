import { ApiMisuseError } from '@sealwire/core';
import { bytesOfNumber, concatenated } from '../bytes.ts';
import { dissect } from './dissect.ts';
import { findPart, type Part, partsOf } from './part.ts';
import { type Structures, tls13Structures } from './structures.ts';

/**
 * The message with other content in the field at `path` (see `Part.path`), all lengths around it corrected. A number
 * takes as many bytes as the field has; bytes may be more or fewer. The field's own length prefix is not part of it.
 *
 *     replaceField(clientHello, 'extensions.supported_versions.value[0]', 0x0303)
 *
 * `structures`: by whose rules the message is taken apart, by default those of TLS 1.3.
 */
export function replaceField(
  message: Uint8Array,
  path: string,
  value: number | Uint8Array | ((content: Uint8Array) => Uint8Array),
  structures: Structures = tls13Structures,
): Uint8Array {
  return edited(message, path, structures, (part) => {
    const content =
      typeof value === 'number'
        ? bytesOfNumber(value, part.content.length)
        : value instanceof Uint8Array
          ? value
          : value(part.content);
    return withPrefix(part, content);
  });
}

/** The message without the field, item or extension at `path`, all lengths around it corrected. */
export function removeField(
  message: Uint8Array,
  path: string,
  structures: Structures = tls13Structures,
): Uint8Array {
  return edited(message, path, structures, () => new Uint8Array(0));
}

/** The message with `bytes` in front of (or behind) the field, item or extension at `path`, lengths corrected. */
export function insertField(
  message: Uint8Array,
  path: string,
  bytes: Uint8Array,
  where: 'before' | 'after' = 'after',
  structures: Structures = tls13Structures,
): Uint8Array {
  return edited(message, path, structures, (part) => {
    const own = assemble(part);
    return concatenated(where === 'before' ? [bytes, own] : [own, bytes]);
  });
}

/** The bytes of a part, put together from those of its parts; lengths are those of what is there. */
export function assemble(part: Part): Uint8Array {
  return part.parts.length === 0 ? withPrefix(part, part.content) : build(part, assemble);
}

function edited(
  message: Uint8Array,
  path: string,
  structures: Structures,
  edit: (part: Part) => Uint8Array,
): Uint8Array {
  const root = dissect(message, structures);
  if (path === '' || findPart(root, path) === undefined) {
    const paths = partsOf(root).map((part) => part.path);
    throw new ApiMisuseError(`no field ${path} in ${root.name}; it has ${paths.slice(1).join(', ')}`);
  }
  let isDone = false;
  const rebuilt = (part: Part): Uint8Array => {
    // A path that stands twice, as in a broken message it may, means the first.
    if (part.path === path && !isDone) {
      isDone = true;
      return edit(part);
    }
    return part.parts.length === 0 ? assemble(part) : build(part, rebuilt);
  };
  return path === 'length' ? rebuilt(root) : withMessageLength(rebuilt(root));
}

function build(part: Part, partBytes: (part: Part) => Uint8Array): Uint8Array {
  return withPrefix(part, concatenated(part.parts.map(partBytes)));
}

function withPrefix({ lengthBytes }: Part, content: Uint8Array): Uint8Array {
  return lengthBytes === 0
    ? content.slice()
    : concatenated([bytesOfNumber(content.length, lengthBytes), content]);
}

/** The message with its header saying how long it is. */
export function withMessageLength(message: Uint8Array): Uint8Array {
  const corrected = Uint8Array.from(message);
  corrected.set(bytesOfNumber(message.length - 4, 3), 1);
  return corrected;
}
