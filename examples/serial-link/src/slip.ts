/**
 * Serial Line IP (RFC 1055): frames on a line that knows only bytes. Here they carry pieces of a TLS stream in place of packets. That
 * a frame arrived whole is not known to SLIP, which has no checksum: TLS knows it.
 */

/** One frame, ready for the line. It begins with END, too, so that noise from before is a frame of its own. */
export function slipFrame(bytes: Uint8Array): Uint8Array {
  const framed = [end];
  for (const byte of bytes) {
    if (byte === end) framed.push(esc, escapedEnd);
    else if (byte === esc) framed.push(esc, escapedEscape);
    else framed.push(byte);
  }
  framed.push(end);
  return Uint8Array.from(framed);
}

/** Frames out of what comes from the line. */
export class SlipReader {
  #frame: number[] = [];
  #isEscaped = false;

  /** The frames that are complete now. Throws on what no sender of frames writes, and on a frame that is too long. */
  read(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === end) {
        if (this.#isEscaped) throw new Error('SLIP: ESC before the end of a frame');
        // Two in a row are no empty frame.
        if (this.#frame.length > 0) frames.push(Uint8Array.from(this.#frame));
        this.#frame = [];
      } else if (this.#isEscaped) {
        this.#isEscaped = false;
        if (byte !== escapedEnd && byte !== escapedEscape)
          throw new Error(`SLIP: expected ESC_END or ESC_ESC after ESC, got 0x${byte.toString(16)}`);
        this.#add(byte === escapedEnd ? end : esc);
      } else if (byte === esc) this.#isEscaped = true;
      else this.#add(byte);
    }
    return frames;
  }

  #add(byte: number): void {
    if (this.#frame.length === maxFrameBytes)
      throw new Error(`SLIP: a frame of more than ${maxFrameBytes} bytes`);
    this.#frame.push(byte);
  }
}

/** What Berkeley's drivers took, and RFC 1055 recommends therefore. */
export const maxFrameBytes = 1_006;

const end = 0xc0;
const esc = 0xdb;
const escapedEnd = 0xdc;
const escapedEscape = 0xdd;
