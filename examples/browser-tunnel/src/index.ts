/** Parts for others who put a page at one end of TLS. */
export { expectOnlyRecords } from './records.ts';
export { setStage, type Stage } from './stage.ts';
export { type TunnelOptions, tunnelOver } from './tunnel.ts';
