import type { Answers } from '../config/answers.ts';
import type { SharedConfig } from '../config/shared.ts';
import { describeScheme } from '../crypto/signature-schemes.ts';
import { selectHandshakeScheme } from '../negotiate/signature-scheme.ts';
import type { Credential } from '../values/credential.ts';
import type { SelectCertificateAsk } from '../values/decisions.ts';

/**
 * Answers for whatever the application does not answer itself and we know: certificates and keys from the
 * configuration. `verifyPeer` has no default; nobody is trusted by omission.
 */
export function withDefaultAnswers(config: SharedConfig): Answers {
  const defaults: Answers = {
    chooseConfig: () => ({ ok: true }),
    selectCertificate: (ask) => ({ ok: true, credential: fittingCredential(config.credentials, ask) }),
    sign({ credential, scheme, input }) {
      const algorithm = describeScheme(scheme)?.algorithm;
      if (credential.key === 'external' || algorithm === undefined) return undefined;
      return { ok: true, signature: config.entropy.sign(credential.key, algorithm, input) };
    },
    fetchStatus: ({ credential }) =>
      credential.type !== 'x509' || credential.ocspResponse === undefined
        ? { ok: true }
        : { ok: true, ocspResponse: credential.ocspResponse },
  };
  return { ...defaults, ...config.answers };
}

/**
 * The first credential of a type that the peer takes, whose names cover the SNI and whose key it can verify; a server falls back to one
 * that only the key speaks for, so that a client with another name still learns who is there.
 */
function fittingCredential(
  credentials: readonly Credential[],
  ask: SelectCertificateAsk,
): Credential | undefined {
  const usable = credentials.filter(
    (credential) =>
      ask.certificateTypes.includes(credential.type) &&
      selectHandshakeScheme(credential.signatureSchemes, ask.signatureSchemes) !== undefined,
  );
  const { serverName } = ask;
  if (serverName === undefined) return usable[0];
  return usable.find((credential) => covers(credential, serverName)) ?? usable[0];
}

function covers({ names }: Credential, serverName: string): boolean {
  if (names === undefined) return true;
  const wanted = serverName.toLowerCase();
  return names.some((name) => {
    const own = name.toLowerCase();
    if (!own.startsWith('*.')) return own === wanted;
    // A wildcard stands for exactly one label (RFC 9525 §6.3).
    return wanted.indexOf('.') > 0 && wanted.slice(wanted.indexOf('.')) === own.slice(1);
  });
}
