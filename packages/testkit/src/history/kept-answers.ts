import type { Answers, ClientConfig, Credential, DecryptPremasterAsk, ServerConfig } from '@sealwire/core';

/**
 * The policies of a configuration, with those of its ticket keeper and its guard against replays written out: they
 * remember things from connection to connection, so that what they say is input and must stand in a history.
 */
export function keptAnswers(config: ClientConfig | ServerConfig): Answers {
  if (config.role === 'client') return config.answers;
  const { tickets, sessionIds, earlyData } = config;
  const store = sessionIds?.store;
  return {
    ...(config.credentials.some(decrypts) ? { decryptPremaster } : {}),
    ...(tickets === undefined
      ? {}
      : {
          openTicket: (ask) => tickets.keeper.openTicket(ask),
          useTicket: (ask) => tickets.keeper.useTicket?.(ask) ?? { ok: true, use: true },
          sealTicket: (ask) => tickets.keeper.sealTicket(ask),
        }),
    ...(store === undefined
      ? {}
      : {
          lookupSession: (ask) => store.lookupSession(ask),
          storeSession: (ask) => store.storeSession(ask),
        }),
    ...(earlyData === undefined ? {} : { acceptEarlyData: (ask) => earlyData.guard.acceptEarlyData(ask) }),
    ...config.answers,
  };
}

/** What a private key does without drawing anything, so that no other part of a history has it. */
function decryptPremaster({ credential, ciphertext, fallback }: DecryptPremasterAsk) {
  const { key } = credential;
  if (key === 'external') return undefined;
  return { ok: true, premaster: key.decryptPkcs1?.(ciphertext, fallback) ?? fallback } as const;
}

function decrypts({ key }: Credential): boolean {
  return key !== 'external' && key.decryptPkcs1 !== undefined;
}

/** Options without what only remembers: a history has its answers. */
export function withoutKeepers<T extends object>(options: T): T {
  const { tickets, sessionIds, earlyData } = options as {
    readonly tickets?: unknown;
    readonly sessionIds?: unknown;
    readonly earlyData?: unknown;
  };
  return {
    ...options,
    ...(isObject(tickets) ? { tickets: { ...tickets, keeper: undefined } } : {}),
    ...(isObject(sessionIds) ? { sessionIds: { ...sessionIds, store: undefined } } : {}),
    ...(isObject(earlyData) ? { earlyData: { ...earlyData, guard: undefined } } : {}),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
