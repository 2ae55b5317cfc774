import type { ClientConfig, ServerConfig } from '@sealwire/core';
import { createQuicClient, createQuicServer, type QuicHandshake } from '@sealwire/core/quic';
import { UsageError } from '../flags/kinds.ts';
import type { Flags } from '../flags/table.ts';
import { NotImplemented } from '../shim/failure.ts';

/** A handshake for QUIC as the flags have it. */
export function quicClientOf(flags: Flags, config: ClientConfig): QuicHandshake {
  return createQuicClient(config, { transportParameters: transportParameters(flags) });
}

export function quicServerOf(flags: Flags, config: ServerConfig): QuicHandshake {
  return createQuicServer(config, { transportParameters: transportParameters(flags) });
}

function transportParameters(flags: Flags): Uint8Array {
  const { 'quic-transport-params': parameters, 'quic-use-legacy-codepoint': isLegacy } = flags;
  if (parameters === undefined) throw new UsageError('-quic-transport-params is missing');
  // That of drafts, with which nobody speaks QUIC version 1.
  if (isLegacy === 1) throw new NotImplemented('the old code point of transport parameters');
  return parameters;
}
