import { ApiMisuseError } from '../errors/tls-error.ts';
import type { Credential, Delegation } from '../values/credential.ts';
import type { Decision, DecisionKind, DecisionMap } from '../values/decisions.ts';
import type { PeerRefusal } from '../values/peer-evidence.ts';
import type { ExternalPsk } from '../values/external-psk.ts';
import type { Session } from '../values/session.ts';
import type { Ask, TaskAsk } from './step.ts';

/** Gives questions their ids and keeps them until they are answered: the one that holds the input, and those of tasks. */
export class PendingDecisions {
  #issued = 0;
  #holding: Decision | undefined;
  /** Open questions of tasks, each with its task. */
  readonly #tasks = new Map<Decision, number>();
  readonly #cancelled = new WeakSet<Decision>();

  /** The unanswered decision, while one holds the input. */
  get holding(): Decision | undefined {
    return this.#holding;
  }

  /** How many questions of tasks are open. */
  get openTasks(): number {
    return this.#tasks.size;
  }

  issue(ask: Ask): Decision {
    const decision = { kind: ask.kind, id: ++this.#issued, holds: 'input', ask: ask.ask } as Decision;
    this.#holding = decision;
    return decision;
  }

  issueOfTask({ kind, ask, task }: TaskAsk): Decision {
    const decision = { kind, id: ++this.#issued, holds: 'nothing', ask } as Decision;
    this.#tasks.set(decision, task);
    return decision;
  }

  /** Takes a decision back from its asker: it is answered. Gives the task whose it was, if it was a task's. */
  settle(decision: Decision): number | undefined {
    if (this.#holding === decision) this.#holding = undefined;
    const task = this.#tasks.get(decision);
    this.#tasks.delete(decision);
    return task;
  }

  /** Withdraws whatever is pending; answers to it are ignored from now on. In the order of asking. */
  cancel(): readonly Decision[] {
    const cancelled = [...this.#tasks.keys()];
    if (this.#holding !== undefined) cancelled.push(this.#holding);
    for (const decision of cancelled) this.#cancelled.add(decision);
    this.#holding = undefined;
    this.#tasks.clear();
    return cancelled.sort((a, b) => a.id - b.id);
  }

  /**
   * Whether this answer is to be applied: true if it answers a pending decision, false if that decision was
   * cancelled. Everything else is the caller's mistake. Decisions are told apart as objects: ids repeat from
   * connection to connection, and an answer meant for another one must not be taken for ours.
   */
  accepts(decision: Decision): boolean {
    if (typeof decision !== 'object' || decision === null || typeof decision.id !== 'number') {
      throw new ApiMisuseError('answer expects the decision that poll gave out as its first argument');
    }
    if (this.#cancelled.has(decision)) return false;
    if (this.#holding === decision || this.#tasks.has(decision)) return true;
    const open = [...this.#tasks.keys(), this.#holding].find((each) => each?.id === decision.id);
    if (open === undefined) {
      throw new ApiMisuseError(
        decision.id >= 1 && decision.id <= this.#issued
          ? `decision ${decision.id} (${decision.kind}) has been answered already`
          : `decision ${decision.id} was never asked by this connection`,
      );
    }
    throw new ApiMisuseError(
      open.kind === decision.kind
        ? `decision ${decision.id} is a copy, or was asked by another connection; answer expects the object that poll gave out`
        : `decision ${decision.id} is of kind ${open.kind}, not ${decision.kind}`,
    );
  }
}

/** Refuses a reply that has not the shape of its kind; wrong replies are the application's mistake. */
export function checkReply<K extends DecisionKind>(kind: K, reply: DecisionMap[K]['reply']): void {
  const wrong = (expected: string): never => {
    throw new ApiMisuseError(`the reply to ${kind} must be ${expected}`);
  };
  if (typeof reply !== 'object' || reply === null || typeof reply.ok !== 'boolean') {
    wrong('an object with ok: true or ok: false');
  }
  const fields = reply as unknown as Readonly<Record<string, unknown>>;
  if (fields['ok'] === false) {
    if (typeof fields['message'] !== 'string') wrong('{ ok: false, message: string, … }');
    const reasons = refusalReasons[kind];
    if (reasons !== undefined && !reasons.includes(fields['reason'] as string)) {
      wrong(`{ ok: false, reason: ${reasons.map((r) => `'${r}'`).join(' | ')}, … }`);
    }
    return;
  }
  switch (kind) {
    case 'sign':
      if (!isBytes(fields['signature'], 0, 0xffff))
        wrong('{ ok: true, signature: Uint8Array } of up to 65535 bytes');
      return;
    case 'decryptPremaster':
      if (!isBytes(fields['premaster'])) wrong('{ ok: true, premaster: Uint8Array }');
      return;
    case 'verifyPeer':
      if (!isBytes(fields['publicKey']))
        wrong('{ ok: true, publicKey: Uint8Array (DER SubjectPublicKeyInfo), verdict? }');
      if (fields['validUntilMs'] !== undefined && !Number.isFinite(fields['validUntilMs']))
        wrong('{ ok: true, …, validUntilMs?: number }');
      return;
    case 'selectCertificate': {
      const credential = fields['credential'];
      if (credential !== undefined && !isCredential(credential)) {
        wrong(
          "{ ok: true, credential: undefined | { type: 'x509', chain: Uint8Array[], signatureSchemes: number[], key } " +
            "| { type: 'rawPublicKey', spki: Uint8Array, signatureSchemes: number[], key } }, " +
            'with at least one certificate and one scheme, or delegations?: { credential, key, role, expiresAtMs }[]',
        );
      }
      return;
    }
    case 'fetchStatus':
      if (fields['ocspResponse'] !== undefined && !isBytes(fields['ocspResponse'], 1)) {
        wrong(`{ ok: true, ocspResponse?: Uint8Array } of 1 to ${mostInMessage} bytes`);
      }
      return;
    case 'chooseSession': {
      const { sessions } = fields;
      if (!Array.isArray(sessions) || !sessions.every(isSession)) wrong('{ ok: true, sessions: Session[] }');
      return;
    }
    case 'lookupPsk': {
      const { psks } = fields;
      if (!Array.isArray(psks) || !psks.every(isExternalPsk)) {
        wrong(
          '{ ok: true, psks: { identity: Uint8Array, key: Uint8Array, … }[] }, identity and key of 1 to 65535 bytes (an identity of none with usedIn tls12)',
        );
      }
      return;
    }
    case 'openTicket': {
      const found = fields['found'] as { index?: unknown; session?: unknown } | undefined;
      if (found !== undefined && !(isCount(found?.index) && isSession(found.session))) {
        wrong('{ ok: true, found?: { index: number, session: Session } }');
      }
      return;
    }
    case 'lookupSession': {
      const { session } = fields;
      if (session !== undefined && !isSession(session)) wrong('{ ok: true, session?: Session }');
      return;
    }
    case 'storeSession':
      return;
    case 'sealTicket': {
      const { ticket } = fields;
      if (!(ticket instanceof Uint8Array) || ticket.length < 1 || ticket.length > 65_535) {
        wrong('{ ok: true, ticket: Uint8Array } of 1 to 65535 bytes');
      }
      return;
    }
    case 'useTicket':
      if (typeof fields['use'] !== 'boolean') wrong('{ ok: true, use: boolean }');
      return;
    case 'acceptEarlyData':
      if (typeof fields['accept'] !== 'boolean') wrong('{ ok: true, accept: boolean }');
      return;
    case 'chooseConfig': {
      const config = fields['config'];
      const isConfig =
        typeof config === 'object' && config !== null && (config as { role?: unknown }).role === 'server';
      if (config !== undefined && !isConfig)
        wrong('{ ok: true, config?: ServerConfig (made by serverConfig) }');
      return;
    }
  }
}

function isBytes(value: unknown, least = 0, most = mostInMessage): boolean {
  return value instanceof Uint8Array && value.length >= least && value.length <= most;
}

/** Whether it may be a session: what it says is looked at where it is used. */
function isSession(value: unknown): boolean {
  const { version, secret, ticket, issuedAtMs, lifetimeSeconds, context } = (value ?? {}) as Partial<Session>;
  return (
    [version, issuedAtMs, lifetimeSeconds].every((each) => typeof each === 'number') &&
    [secret, ticket, context].every((each) => each instanceof Uint8Array)
  );
}

function isExternalPsk(value: unknown): boolean {
  const { identity, key, hash = 'sha256', usedIn = 'tls13' } = (value ?? {}) as Partial<ExternalPsk>;
  const fits = (bytes: unknown, least: number) =>
    bytes instanceof Uint8Array && bytes.length >= least && bytes.length <= 65_535;
  // `opaque psk_identity<0..2^16-1>` (RFC 4279 §2), `opaque identity<1..2^16-1>` (RFC 9846 §4.3.11).
  return (
    fits(identity, usedIn === 'tls12' ? 0 : 1) &&
    fits(key, 1) &&
    /^sha(256|384)$/.test(hash) &&
    /^(tls13|tls12|both)$/.test(usedIn)
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCredential(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { signatureSchemes, key } = value as Partial<Credential>;
  const isList = (list: unknown, of: (item: unknown) => boolean, least = 1) =>
    Array.isArray(list) && list.length >= least && list.every(of);
  const identity = value as Readonly<Record<'type' | 'chain' | 'spki' | 'delegations', unknown>>;
  const { delegations = [] } = identity;
  // Somebody else may have the certificate's key, where a delegated one signs (RFC 9345 §3).
  const fewestSchemes = Array.isArray(delegations) && delegations.length > 0 ? 0 : 1;
  return (
    (identity.type === 'rawPublicKey'
      ? identity.spki instanceof Uint8Array
      : identity.type === 'x509' && isList(identity.chain, (der) => isBytes(der, 1))) &&
    isList(delegations, isDelegation, 0) &&
    isList(signatureSchemes, (scheme) => typeof scheme === 'number', fewestSchemes) &&
    isKey(key)
  );
}

/** Whether it has the shape of a delegation whose credential fits into its extension. */
export function isDelegation(value: unknown): boolean {
  const { credential, key, role, expiresAtMs } = (value ?? {}) as Partial<Delegation>;
  const { cred, algorithm, signature } = credential ?? {};
  const { validTimeSeconds, dcCertVerifyAlgorithm, subjectPublicKeyInfo } = cred ?? {};
  return (
    isCount(validTimeSeconds) &&
    validTimeSeconds! < 2 ** 32 &&
    [dcCertVerifyAlgorithm, algorithm].every((scheme) => isCount(scheme) && scheme! <= 0xffff) &&
    [signature, subjectPublicKeyInfo].every((bytes) => bytes instanceof Uint8Array && bytes.length > 0) &&
    signature!.length + subjectPublicKeyInfo!.length <= maxDelegationBytes &&
    Number.isFinite(expiresAtMs) &&
    (role === 'client' || role === 'server') &&
    isKey(key)
  );
}

function isKey(key: unknown): boolean {
  return key === 'external' || (typeof key === 'object' && key !== null && 'sign' in key);
}

const peerRefusals: Readonly<Record<PeerRefusal, true>> = {
  malformed: true,
  rejected: true,
  expired: true,
  revoked: true,
  unsupported: true,
  unknownCa: true,
  nameMismatch: true,
  accessDenied: true,
  badStatusResponse: true,
  invalidDelegation: true,
  unavailable: true,
};

/** Of one certificate, one OCSP response: what fits into a handshake message with what stands before it. */
const mostInMessage = 0xff_ff00;

/** Of signature and key; the rest is for the other fields of an extension of 65,535 bytes. */
const maxDelegationBytes = 65_000;

/** Kinds whose refusals carry a reason of a closed list. */
const refusalReasons: Partial<Record<DecisionKind, readonly string[]>> = {
  verifyPeer: Object.keys(peerRefusals),
  chooseConfig: ['unrecognizedName', 'refused', 'accessDenied', 'noRenegotiation'],
};
