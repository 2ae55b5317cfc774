import type { Answers } from '../config/answers.ts';
import type { ClientConfig } from '../config/client.ts';
import { ownOnly } from '../config/own-only.ts';
import type { ServerConfig } from '../config/server.ts';
import { selectDelegation } from '../negotiate/delegation.ts';
import { canSign, curveOfKey } from '../negotiate/signature-scheme.ts';
import type { Credential } from '../values/credential.ts';
import type { SelectCertificateAsk } from '../values/decisions.ts';
import { sessionAnswers } from './session-answers.ts';

/**
 * Answers for whatever the application does not answer itself and we know: certificates and keys from the
 * configuration. `verifyPeer` has no default; nobody is trusted by omission.
 */
export function withDefaultAnswers(config: ClientConfig | ServerConfig): Answers {
  const defaults: Answers = {
    chooseConfig: () => ({ ok: true }),
    selectCertificate: (ask) => ({ ok: true, credential: fittingCredential(config.credentials, ask) }),
    sign({ credential, delegation, algorithm, input }) {
      const { key } = delegation ?? credential;
      if (key === 'external') return undefined;
      return { ok: true, signature: config.entropy.sign(key, algorithm, input) };
    },
    decryptPremaster({ credential: { key }, ciphertext, fallback }) {
      if (key === 'external') return undefined;
      // Without a key that decrypts no such suite is agreed on.
      return { ok: true, premaster: key.decryptPkcs1?.(ciphertext, fallback) ?? fallback };
    },
    fetchStatus: ({ credential }) =>
      credential.type !== 'x509' || credential.ocspResponse === undefined
        ? { ok: true }
        : { ok: true, ocspResponse: credential.ocspResponse },
    lookupPsk: () => ({ ok: true, psks: config.externalPsks }),
    ...(config.role === 'client' ? sessionAnswers(config) : serverAnswers(config)),
  };
  return Object.assign(ownOnly(defaults), config.answers);
}

function serverAnswers({ tickets, sessionIds, earlyData }: ServerConfig): Answers {
  const none = { ok: false, message: 'the configuration has none' } as const;
  return {
    openTicket: (ask) => tickets?.keeper.openTicket(ask) ?? none,
    useTicket: (ask) => tickets?.keeper.useTicket?.(ask) ?? { ok: true, use: true },
    sealTicket: (ask) => tickets?.keeper.sealTicket(ask) ?? none,
    lookupSession: (ask) => sessionIds?.store?.lookupSession(ask) ?? none,
    storeSession: (ask) => sessionIds?.store?.storeSession(ask) ?? none,
    acceptEarlyData: (ask) => earlyData?.guard.acceptEarlyData(ask) ?? none,
  };
}

/**
 * What `selectCertificate` is answered by default: the first credential of a type that the peer takes, whose names cover the SNI and whose key, or a key that it
 * delegates to, it can verify; a server falls back to one that only the key speaks for, so that a client with another name still learns who is there.
 */
export function fittingCredential(
  credentials: readonly Credential[],
  ask: SelectCertificateAsk,
): Credential | undefined {
  const usable = credentials.filter(
    (credential) =>
      ask.certificateTypes.includes(credential.type) &&
      isOnListedCurve(credential, ask) &&
      (selectDelegation(credential, ask) !== undefined ||
        canSign(credential.signatureSchemes, ask.signatureSchemes, ask.version, ask.role)),
  );
  const { serverName } = ask;
  if (serverName === undefined) return usable[0];
  return usable.find((credential) => covers(credential, serverName)) ?? usable[0];
}

/** RFC 8422 §5.3. */
function isOnListedCurve({ signatureSchemes }: Credential, { groups }: SelectCertificateAsk): boolean {
  const curve = curveOfKey(signatureSchemes);
  return curve === undefined || groups === undefined || groups.includes(curve);
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
