export {
  ClientSessions,
  type ClientSessionsOptions,
  type ForClientOptions,
  type HostSessions,
  type InvalidName,
} from './client-sessions.ts';
export { MemoryStore, type MemoryStoreOptions } from './memory-store.ts';
export { SealedStore, type SealedStoreOptions } from './sealed-store.ts';
export { ServerSessions, type ServerSessionsOptions } from './server-sessions.ts';
export type { Awaitable, SessionStore } from './store.ts';
export { SessionStoreError, type StoreErrorCode } from './store-error.ts';
export { SharedTicketRing, type SharedTicketRingOptions } from './shared-ticket-ring.ts';
export { exportTicketKeys, importTicketKeys, type TicketKeysOptions } from './ticket-keys.ts';
export { keepNodeSessions, type NodeSessionsOptions, type NodeTlsServer } from './node-sessions.ts';
