import {
  type ClientHelloView,
  type ExternalPsk,
  type Facts,
  importPsk,
  type LookupPskAsk,
  type LookupPskReply,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { UsageError } from '../flags/kinds.ts';
import type { CredentialValues, Flags } from '../flags/table.ts';

/** The imported keys of the test (RFC 9258), each with the number of the credential that it comes of. */
export interface NumberedPsk {
  readonly number: number;
  readonly psk: ExternalPsk;
}

/** What the answers of the connection have found out so far. */
interface Noted {
  readonly failures: string[];
  readonly hello: ClientHelloView | undefined;
}

export function importedPsks({ credentials }: Flags): readonly NumberedPsk[] {
  return [...credentials.entries()].flatMap(([number, values]) =>
    values.type === 'psk' ? imported(values).map((psk) => ({ number, psk })) : [],
  );
}

function imported(values: CredentialValues): readonly ExternalPsk[] {
  const {
    'psk-importer-key': key,
    'psk-importer-identity': identity,
    'psk-importer-context': context,
  } = values;
  if (key === undefined || identity === undefined) throw new UsageError('-new-psk-credential lacks its key');
  return importPsk({
    provider: nodeProvider,
    key,
    identity,
    hash: values['psk-importer-sha384'] ? 'sha384' : 'sha256',
    ...(context === undefined ? {} : { context }),
  });
}

/** The number of the key with which the handshake was made; `undefined`: with none of ours. */
export function selectedPsk(flags: Flags, { externalPskIdentity }: Facts): number | undefined {
  if (externalPskIdentity === undefined) return undefined;
  const got = Buffer.from(externalPskIdentity);
  return importedPsks(flags).find(({ psk }) => got.equals(psk.identity))?.number;
}

/** The key of TLS 1.2 and older that `-psk` names, and those that are imported. */
export function lookupPsk(flags: Flags, ask: LookupPskAsk, { failures, hello }: Noted): LookupPskReply {
  const { psk: key, 'psk-identity': identity = '' } = flags;
  const ofTest = importedPsks(flags).map(({ psk }) => psk);
  if (key === undefined)
    return { ok: true, psks: ask.role === 'client' ? ofTest : chosen(flags, ask, hello) };
  // The client's identity is the server's hint.
  const isOlder = ask.version !== undefined && ask.version < 0x0304;
  const hint = ask.hint === undefined ? '' : Buffer.from(ask.hint).toString('latin1');
  if (ask.role === 'client' && isOlder && hint !== identity)
    failures.push(`the server's hint is ${JSON.stringify(hint)}, expected ${JSON.stringify(identity)}`);
  const own: ExternalPsk = { identity: latin1(identity), key: latin1(key), usedIn: 'tls12' };
  return ask.role === 'client'
    ? { ok: true, psks: [own], awaitsHint: true }
    : { ok: true, psks: known([own, ...ofTest], ask), tellUnknown: true };
}

/** A server has its own order, in which certificates stand as well, for clients that can verify one. */
function chosen(flags: Flags, ask: LookupPskAsk, hello: ClientHelloView | undefined): ExternalPsk[] {
  const canVerify = (hello?.signatureSchemes.length ?? 0) > 0;
  const firstCertificate = flags.credentials.findIndex(({ type }) => type !== 'psk');
  const ours = importedPsks(flags).filter(
    ({ number }) => !canVerify || firstCertificate < 0 || number < firstCertificate,
  );
  const common = ours.filter(({ psk }) => known([psk], ask).length > 0);
  return common.filter(({ number }) => number === common[0]?.number).map(({ psk }) => psk);
}

function known(psks: readonly ExternalPsk[], { identities }: LookupPskAsk): ExternalPsk[] {
  return psks.filter(({ identity }) => identities.some((each) => Buffer.from(each).equals(identity)));
}

function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
