import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KeySpec, PrivateKey } from '@sealwire/core';
import {
  type AlternativeNames,
  encodePem,
  encryptPrivateKey,
  loadPrivateKey,
  makeCertificate,
  makeCertificateFromRequest,
  makeCertificateRequest,
  makeTestPki,
  type NameInput,
  parseCertificateRequest,
  parseIpAddress,
} from '@sealwire/x509';
import type { Action } from '../../command.ts';
import { fileProblem, type Secret, textOrDer, writeResult } from '../../files.ts';
import type { Host } from '../../host.ts';
import { withPassphrase } from '../../passphrase.ts';
import { usage } from '../../problem.ts';
import { provider } from '../../tls/provider.ts';
import { certificatesIn } from '../../tls/trust.ts';
import type { keyOptions, pkiOptions, requestOptions, selfSignedOptions, signOptions } from './options.ts';

export const key: Action<typeof keyOptions> = async (
  { type = defaultSpec, out, pass },
  _positional,
  host,
) => {
  const made = provider.generateKeyPair(type);
  writeResult(keyPem(made, pass?.(host.env)), out, host, { secret: true });
  return 'ok';
};

export const request: Action<typeof requestOptions> = async (values, _positional, host) => {
  const { key, out } = values;
  const made = makeCertificateRequest({
    ...contentsOf(values),
    key: await keyIn(required(key, 'key'), values.pass, host),
  });
  writeResult(encodePem('CERTIFICATE REQUEST', made), out, host);
  return 'ok';
};

export const selfSigned: Action<typeof selfSignedOptions> = async (values, _positional, host) => {
  const { key, out, days = defaultDays } = values;
  const contents = contentsOf(values);
  const [firstName] = values.name ?? [];
  const made = makeCertificate({
    provider,
    ...contents,
    // Who signs himself has a name (RFC 5280 §4.1.2.4).
    subject: values.subject ?? (firstName === undefined ? {} : { CN: firstName }),
    key: await keyIn(required(key, 'key'), values.pass, host),
    ...validity(days),
  });
  writeResult(encodePem('CERTIFICATE', made), out, host);
  return 'ok';
};

export const sign: Action<typeof signOptions> = async (values, [path = '-'], host) => {
  const { ca, 'ca-key': caKey, out, days = defaultDays, purpose, name } = values;
  const request = parseCertificateRequest(await textOrDer(path, host));
  const [certificate] = await certificatesIn(required(ca, 'ca'), host);
  const issuer = {
    certificate: certificate!,
    key: await keyIn(required(caKey, 'ca-key'), values.pass, host),
  };
  const shared = {
    provider,
    issuer,
    ...(values['make-ca'] ? { ca: true } : {}),
    ...(purpose === undefined ? {} : { extendedKeyUsage: purpose }),
    ...validity(days),
  };
  const made =
    name === undefined
      ? makeCertificateFromRequest(request, shared)
      : makeCertificateFromRequest(request, { ...shared, copyExtensions: [], ...namesOf(name) } as Parameters<
          typeof makeCertificateFromRequest
        >[1]);
  writeResult(encodePem('CERTIFICATE', made), out, host);
  return 'ok';
};

export const pki: Action<typeof pkiOptions> = async (
  { type = defaultSpec, name },
  [directory = '.'],
  host,
) => {
  const names = name === undefined ? {} : namesOf(name);
  const made = makeTestPki({
    provider,
    nowMs: Date.now(),
    keySpec: type,
    ...(name === undefined ? {} : { dnsNames: names.dnsNames ?? [], ipAddresses: names.ipAddresses ?? [] }),
  });
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw fileProblem(error, 'write', directory);
  }
  const write = (file: string, contents: string, secret = false) =>
    writeResult(contents, join(directory, file), host, { secret });
  const chain = (ders: readonly Uint8Array[]) => ders.map((der) => encodePem('CERTIFICATE', der)).join('');
  write('root.pem', chain([made.root.certificate]));
  for (const role of ['server', 'client'] as const) {
    write(`${role}.pem`, chain(made[role].chain));
    write(`${role}.key`, keyPem(made[role].key), true);
  }
  return 'ok';
};

interface Wishes {
  readonly subject?: NameInput | undefined;
  readonly name?: readonly string[] | undefined;
  readonly ca?: true | undefined;
  readonly purpose?: readonly string[] | undefined;
}

function contentsOf({ subject, name, ca, purpose }: Wishes) {
  if (subject === undefined && name === undefined)
    throw usage('expected --subject, --name or both: whom is it for?');
  return {
    subject: subject ?? {},
    ...namesOf(name ?? []),
    ...(ca ? { ca } : {}),
    ...(purpose === undefined ? {} : { extendedKeyUsage: purpose }),
  };
}

function namesOf(names: readonly string[]): AlternativeNames {
  const kind = (name: string) =>
    parseIpAddress(name) !== undefined ? 'ipAddresses' : name.includes('@') ? 'emails' : 'dnsNames';
  const found: Record<string, string[]> = {};
  for (const name of names) (found[kind(name)] ??= []).push(name);
  return found;
}

async function keyIn(path: string, pass: Secret | undefined, host: Host): Promise<PrivateKey> {
  const text = await textOrDer(path, host);
  return withPassphrase(path, pass?.(host.env), host, (passphrase) =>
    loadPrivateKey(text, provider, passphrase === undefined ? {} : { passphrase }),
  );
}

function keyPem(key: PrivateKey, passphrase?: string): string {
  if (passphrase === undefined) return encodePem('PRIVATE KEY', key.exportPkcs8());
  return encodePem('ENCRYPTED PRIVATE KEY', encryptPrivateKey(key, { provider, passphrase }));
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw usage(`expected --${name}`);
  return value;
}

function validity(days: number): { readonly notBeforeMs: number; readonly notAfterMs: number } {
  const nowMs = Date.now();
  // Clocks are never quite the same.
  return { notBeforeMs: nowMs - 300_000, notAfterMs: nowMs + days * 86_400_000 };
}

const defaultSpec: KeySpec = { type: 'ec', curve: 'secp256r1' };
const defaultDays = 90;
