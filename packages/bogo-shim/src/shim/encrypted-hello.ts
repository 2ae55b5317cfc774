import {
  backendEch,
  clientEch,
  greaseEch,
  serverEch,
  type ClientEch,
  type ServerEch,
} from '@sealwire/core/ech';
import { nodeProvider } from '@sealwire/crypto-node';
import type { Flags } from '../flags/table.ts';
import { ExpectationFailed } from './failure.ts';

/** Encrypted Client Hello of a client, as the flags have it. */
export function clientEchOf(flags: Flags): ClientEch | undefined {
  const { 'ech-config-list': configList } = flags;
  if (configList === undefined || configList.length === 0) {
    if (flags['reject-unusable-ech-config']) throw unusable();
    return flags['enable-ech-grease'] ? greaseEch({ provider: nodeProvider }) : undefined;
  }
  const ech = clientEch({ provider: nodeProvider, configList });
  const { 'max-version': newest = 0x0304 } = flags;
  const isUsable = ech.canEncrypt && newest >= 0x0304 && !flags['no-tls13'];
  if (!isUsable && flags['reject-unusable-ech-config']) throw unusable();
  // GREASE in the place of what cannot be used is what the library does; the runner wants to be asked.
  return isUsable || flags['enable-ech-grease'] ? ech : undefined;
}

/** The keys of a server; those that clients are told of come first, as the library wants it. */
export function serverEchOf(flags: Flags): ServerEch {
  const {
    'ech-server-config': configs = [],
    'ech-server-key': privateKeys = [],
    'ech-is-retry-config': isRetry = [],
  } = flags;
  // The inner hello of somebody who has decrypted it is taken by all that have no key of their own.
  if (configs.length === 0) return backendEch({ ignoreOuter: true });
  const keys = configs.map((config, i) => ({
    config,
    privateKey: privateKeys[i]!,
    isTold: isRetry[i] === 1,
  }));
  const told = keys.filter(({ isTold }) => isTold);
  const ech = serverEch({
    provider: nodeProvider,
    keys: [...told, ...keys.filter(({ isTold }) => !isTold)],
    retryConfigs: told.length,
  });
  return flags['fail-early-callback-ech-rewind'] ? rewinding(ech) : ech;
}

/** Whoever has read the inner hello, and finds that it cannot serve that name, goes on as if it knew nothing of all this. */
function rewinding(ech: ServerEch): ServerEch {
  return {
    receive(hello, raw) {
      const received = ech.receive(hello, raw);
      return received.outcome?.kind === 'accepted' ? { hello, raw, outcome: undefined } : received;
    },
  };
}

function unusable(): ExpectationFailed {
  return new ExpectationFailed('no ECHConfig can be used');
}
