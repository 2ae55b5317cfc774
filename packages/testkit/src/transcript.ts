/**
 * What passed on a connection, taken apart and shown: for tools, which need none of the rest of the kit. Whoever has the
 * secrets of a connection can read it.
 */
export { dissect, dissectAs, nameOfMessage } from './anatomy/dissect.ts';
export { findPart, type Part, partsOf, sizeOf } from './anatomy/part.ts';
export { type Structures, structuresOf, tls13Structures } from './anatomy/structures.ts';
export { capture, type CaptureOptions } from './capture/pcapng.ts';
export type { Endpoint } from './capture/tcp.ts';
export { type OpenedRecord, openRecords } from './transcript/open-records.ts';
export { type PrintOptions, printTranscript } from './transcript/print-text.ts';
export type { Passage, WirePiece } from './transcript/wire.ts';
