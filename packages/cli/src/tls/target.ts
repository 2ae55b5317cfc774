import type { CryptoProvider } from '@sealwire/core';
import type { Host } from '../host.ts';
import { options, type ValuesOf } from '../options/option.ts';
import { usage } from '../problem.ts';
import { type connectionOptions, sharedOptions } from './connection-options.ts';
import type { PeerCheckOptions } from './peer-check.ts';
import { hostAndPort } from './read-values.ts';
import { revocationOf, rootsOf, trustOptions } from './trust.ts';

const trust = 'Who is trusted';

/** Whom to connect to and whom to trust. */
export const targetOptions = options({
  connect: {
    value: 'HOST:PORT',
    help: 'Where to connect to. Default: localhost:4433; with --starttls the usual port of the protocol.',
  },
  unix: { value: 'PATH', completes: 'file', help: 'A Unix socket to connect to.' },
  servername: {
    value: 'NAME',
    help: 'The name to ask for (SNI) and to find in the certificate. Default: the host.',
  },
  'no-servername': { openssl: ['noservername'], help: 'Send no name (SNI).' },
  ...trustOptions,
  'verify-hostname': {
    value: 'NAME',
    openssl: ['verify_hostname', 'verify_ip'],
    group: trust,
    help: 'The host name or IP address that the certificate must be for. Default: that of --servername.',
  },
  insecure: {
    group: trust,
    help: 'Go on with whoever it is, and say what is wrong. Whoever is between can then read and change everything.',
  },
  'verify-return-error': {
    openssl: ['verify_return_error'],
    group: trust,
    help: 'End where the certificate is not to be trusted: what happens anyway, but for --insecure, which this overrules.',
  },
});

export type TargetValues = ValuesOf<typeof targetOptions>;

/** Of `--connect` or the argument that stands for it, or `--unix`. */
export function addressOf(
  { connect, unix }: TargetValues,
  argument: string | undefined,
  usualPort: number,
): { readonly host?: string; readonly port?: number; readonly path?: string } {
  const given = [connect, argument, unix].filter((each) => each !== undefined);
  if (given.length > 1) throw usage('expected one place to connect to, got several');
  if (unix !== undefined) return { path: unix };
  return hostAndPort({ host: 'localhost', port: usualPort })(connect ?? argument ?? 'localhost');
}

export async function clientOptions(
  values: TargetValues & ValuesOf<typeof connectionOptions>,
  { host: name }: { readonly host?: string },
  host: Host,
) {
  const asked = values.servername ?? name;
  const expected = values['verify-hostname'] ?? asked;
  if (expected === undefined && !isInsecure(values))
    throw usage(
      'expected --servername or --verify-hostname: a Unix socket has no name that a certificate could be for',
    );
  const sni: string | false | undefined = values['no-servername'] ? false : asked;
  return {
    ...(await sharedOptions(values, host)),
    ...(expected === undefined ? {} : { serverName: expected }),
    ...(sni === undefined ? {} : { sni }),
  };
}

export async function checkOf(
  values: TargetValues,
  provider: CryptoProvider,
  host: Host,
): Promise<PeerCheckOptions> {
  return {
    provider,
    roots: await rootsOf(values, host),
    revocation: await revocationOf(values, host),
    isInsecure: isInsecure(values),
  };
}

function isInsecure(values: TargetValues): boolean {
  return values.insecure === true && !values['verify-return-error'];
}
