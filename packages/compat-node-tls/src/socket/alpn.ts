import { invalidArgValue } from '../errors/arguments.ts';
import { nodeError } from '../errors/node-error.ts';
import { nodeMajor } from '../process/host.ts';

/**
 * `tls.convertALPNProtocols`: writes names in the form of the wire, each with its length before it, to `out.ALPNProtocols`. A
 * buffer is taken as it is; what is neither changes nothing.
 */
export function convertALPNProtocols(protocols: unknown, out: { ALPNProtocols?: Uint8Array }): void {
  if (Array.isArray(protocols)) out.ALPNProtocols = wireOf(protocols as readonly unknown[]);
  else if (Buffer.isBuffer(protocols)) out.ALPNProtocols = Buffer.from(protocols);
  else if (ArrayBuffer.isView(protocols)) {
    out.ALPNProtocols = Buffer.from(
      Uint8Array.prototype.slice.call(
        new Uint8Array(protocols.buffer, protocols.byteOffset, protocols.byteLength),
      ),
    );
  }
}

function wireOf(protocols: readonly unknown[]): Buffer {
  const names = protocols.map((protocol, index) => {
    const length = Buffer.byteLength(protocol as string);
    // Older releases write it, and a server takes it for a broken extension.
    if (length === 0 && nodeMajor() >= 24)
      throw invalidArgValue(`protocols[${index}]`, protocol, 'must be a non-empty string');
    if (length > 255) {
      throw nodeError(
        'ERR_OUT_OF_RANGE',
        `The byte length of the protocol at index ${index} exceeds the maximum length. It must be <= 255. Received ${length}`,
        RangeError,
      );
    }
    return Buffer.concat([Buffer.from([length]), Buffer.from(protocol as string)]);
  });
  return Buffer.concat(names);
}

/** What `convertALPNProtocols` has written, as names of one character a byte. */
export function alpnNames(written: unknown): string[] {
  const wire = (written ?? nothing) as Uint8Array;
  const names: string[] = [];
  for (let at = 0; at < wire.length; ) {
    const length = wire[at]!;
    names.push(Buffer.from(wire.subarray(at + 1, at + 1 + length)).toString('latin1'));
    at += 1 + length;
  }
  return names.filter((name) => name.length > 0);
}

const nothing = new Uint8Array(0);
