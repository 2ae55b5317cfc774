import {
  type Answers,
  type ClientHelloView,
  serverConfig,
  type ServerConfig,
  type ServerOptions,
} from '@sealwire/core';
import type { Flags } from '../flags/table.ts';
import { withoutPadding } from './custom-extensions.ts';
import type { NumberedCredential } from './credentials.ts';
import type { Memory } from './memory.ts';
import { flagsFor } from './preferences.ts';
import { serverOptions } from './settings.ts';
import { hasCurves, suiteOf } from './suites.ts';

/** A configuration for this client alone, where the test wants other answers than to everybody; `undefined`: it does not. */
export function refined(
  hello: ClientHelloView,
  flags: Flags,
  credentials: readonly NumberedCredential[],
  answers: Answers,
  memory: Memory,
): ServerConfig | undefined {
  const seen = flagsFor(flags, hello, suiteOf);
  const changes: Partial<ServerOptions>[] = [];
  const options = serverOptions(seen, credentials, answers, memory);
  if (flags['select-empty-alpn'] && hello.alpnProtocols.length > 0) changes.push({ alpnProtocols: [''] });
  if (hello.groups.length === 0 && flags.cipher === undefined) changes.push(withoutCurves(options));
  if (isPskEnough(flags) && hello.hasPreSharedKey) changes.push({ clientAuthentication: 'none' });
  if (flags['server-supports-padding'])
    changes.push({ customExtensions: withoutPadding(options.customExtensions ?? [], hello) });
  const isSame = seen.cipher === flags.cipher && seen.curves === flags.curves;
  return isSame && changes.length === 0 ? undefined : serverConfig(Object.assign({}, options, ...changes));
}

/** A client that shows a key is not asked for a certificate (RFC 9846 §4.4.2). */
function isPskEnough({ credentials, ...flags }: Flags): boolean {
  return flags['require-any-client-certificate'] && credentials.some(({ type }) => type === 'psk');
}

/** A client that names no groups leaves the choice to us (RFC 8422 §4); the runner's library takes that for a no. */
function withoutCurves({ cipherSuites = [] }: ServerOptions): Partial<ServerOptions> {
  return { cipherSuites: cipherSuites.filter((suite) => !hasCurves(suite)) };
}
