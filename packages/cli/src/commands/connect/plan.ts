import type { Session } from '@sealwire/core';
import { fileContents } from '../../files.ts';
import type { Host } from '../../host.ts';
import type { ValuesOf } from '../../options/option.ts';
import { usage } from '../../problem.ts';
import { usualPorts } from '../../starttls/protocols.ts';
import { keyLogInto } from '../../tls/keylog.ts';
import type { PeerCheckOptions } from '../../tls/peer-check.ts';
import { readSessions } from '../../tls/session-file.ts';
import { addressOf, checkOf, clientOptions } from '../../tls/target.ts';
import type { connectOptions } from './options.ts';
import type { Address } from './dial.ts';

/** Everything read and checked, before anybody is connected to. */
export interface Plan {
  readonly values: ValuesOf<typeof connectOptions>;
  readonly address: Address;
  /** Who is asked for a tunnel to the address. */
  readonly proxy: Address | undefined;
  readonly options: Awaited<ReturnType<typeof clientOptions>> & {
    readonly requestOcsp: boolean;
    readonly sendEarlyData?: Uint8Array;
  };
  readonly check: PeerCheckOptions;
  readonly sessions: readonly Session[];
  readonly keyLog: ((line: string) => void) | undefined;
  readonly timeoutMs: number;
}

export async function planOf(
  values: ValuesOf<typeof connectOptions>,
  positional: readonly string[],
  host: Host,
): Promise<Plan> {
  const usualPort = values.starttls === undefined ? 4433 : usualPorts[values.starttls];
  const address = addressOf(values, positional[0], usualPort);
  if (values.ipv4 && values.ipv6) throw usage('--ipv4 and --ipv6 exclude each other');
  const { proxy } = values;
  if (proxy !== undefined && address.path !== undefined) throw usage('--proxy and --unix exclude each other');
  const options = await clientOptions(values, address, host);
  const earlyFile = values['early-data'];
  const earlyData = earlyFile === undefined ? undefined : await fileContents(earlyFile, host);
  const sessions = values['sess-in'] === undefined ? [] : await readSessions(values['sess-in'], host);
  if (earlyData !== undefined && sessions.length === 0)
    throw usage('--early-data needs a session that allows it: --sess-in');
  const family = values.ipv4 ? 4 : values.ipv6 ? 6 : undefined;
  return {
    values,
    address: { ...address, family },
    proxy: proxy === undefined ? undefined : { ...proxy, family },
    options: {
      ...options,
      requestOcsp: values.status === true || values['must-staple'] === true,
      ...(earlyData === undefined ? {} : { sendEarlyData: earlyData }),
    },
    check: { ...(await checkOf(values, options.provider, host)), mustStaple: values['must-staple'] === true },
    sessions,
    keyLog: values.keylog === undefined ? undefined : keyLogInto(values.keylog),
    timeoutMs: values['handshake-timeout'] ?? 10_000,
  };
}
