import type { Credential } from '@sealwire/core';
import { fileContents } from '../../files.ts';
import type { Host } from '../../host.ts';
import type { ValuesOf } from '../../options/option.ts';
import { usage } from '../../problem.ts';
import { loadIdentity, sharedOptions } from '../../tls/connection-options.ts';
import { PeerCheck } from '../../tls/peer-check.ts';
import { namedRoots, revocationOf } from '../../tls/trust.ts';
import type { serveOptions } from './options.ts';

type Values = ValuesOf<typeof serveOptions>;

/** The options of a server, as `@sealwire/node-transport` takes them. */
export async function serverOptions(values: Values, host: Host) {
  const shared = await sharedOptions(values, host);
  const [own, ...rest] = shared.credentials;
  const credentials = [
    ...(own === undefined ? [] : [await withStatus(own, values['status-file'], host)]),
    ...rest,
    ...(await otherIdentities(values, shared.provider, host)),
  ];
  const hasPsk = values.psk !== undefined;
  if (credentials.length === 0 && !hasPsk)
    throw usage(
      'a server needs a certificate: --cert and --key',
      'sealwire cert pki DIRECTORY makes one for tests',
    );
  return {
    ...shared,
    credentials,
    ...(await clientTrust(values, shared.provider, host, credentials.length === 0)),
    ...ticketsOf(values),
    ...earlyDataOf(values),
  };
}

async function otherIdentities(
  { identity = [], cert2, key2, servername, pass }: Values,
  provider: Parameters<typeof loadIdentity>[2],
  host: Host,
): Promise<Credential[]> {
  if (key2 !== undefined && cert2 === undefined) throw usage('--key2 is of no use without --cert2');
  if (servername !== undefined && cert2 === undefined)
    throw usage(
      '--servername is of no use without --cert2',
      '--cert is what is shown where no other certificate has the name',
    );
  const files = identity.map((text) => {
    const [cert = '', key = cert] = text.split(',');
    return { cert, key };
  });
  const passphrase = pass?.(host.env);
  const found: Credential[] = [];
  for (const each of files) found.push(await loadIdentity(each, passphrase, provider, host));
  if (cert2 === undefined) return found;
  const second = await loadIdentity({ cert: cert2, key: key2 ?? cert2 }, passphrase, provider, host);
  return [...found, servername === undefined ? second : { ...second, names: [servername] }];
}

async function withStatus(credential: Credential, path: string | undefined, host: Host): Promise<Credential> {
  if (path === undefined || credential.type !== 'x509') return credential;
  return { ...credential, ocspResponse: await fileContents(path, host) };
}

/** Who asks clients for certificates says whom it trusts. */
async function clientTrust(
  values: Values,
  provider: Parameters<typeof loadIdentity>[2],
  host: Host,
  hasNoCertificate: boolean,
) {
  const selectCertificate = () => ({ ok: true, credential: undefined }) as const;
  const without = hasNoCertificate ? { selectCertificate } : {};
  const depth = values['verify-required'] ?? values.verify;
  if (depth === undefined) return { decide: without };
  const roots = await namedRoots(values, host);
  const isInsecure = values.insecure === true;
  if (roots === undefined && !isInsecure)
    throw usage('--verify needs somebody who is trusted to certify clients: --ca-file');
  const check = new PeerCheck({
    provider,
    roots,
    revocation: await revocationOf(values, host),
    isInsecure,
    maxIntermediates: depth,
  });
  return {
    clientAuthentication:
      values['verify-required'] === undefined ? ('request' as const) : ('require' as const),
    decide: { ...without, verifyPeer: check.verifyPeer },
  };
}

function ticketsOf({ 'no-ticket': none, 'num-tickets': count }: Values) {
  if (none) return { tickets: false as const };
  return count === undefined ? {} : { tickets: { count } };
}

function earlyDataOf({ 'early-data': early, 'max-early-data': maxBytes }: Values) {
  if (!early && maxBytes === undefined) return {};
  return { earlyData: { maxBytes: maxBytes ?? 16_384 } };
}
