import type { Answers } from '../config/answers.ts';
import { keyLogLine } from '../keylog/lines.ts';
import type { Effect } from '../machine/step.ts';
import type { Decision, DecisionKind, DecisionMap } from '../values/decisions.ts';
import { copyOf } from '../wire/bytes.ts';
import type { Exporters } from './exporters.ts';
import { FactSheet } from './facts.ts';
import { InlineAnswers } from './inline-answers.ts';
import type { HandshakeOutput } from './outputs.ts';
import { Secrets } from './secrets.ts';

export interface HandshakeEffectsOptions {
  readonly role: 'client' | 'server';
  readonly answers: Answers;
  readonly keyLog: boolean;
  readonly trace: boolean;
}

/** Effects that mean the same whatever carries the handshake. */
export type HandshakeEffect = Extract<
  Effect,
  {
    do:
      | 'fact'
      | 'peerExtensions'
      | 'innerClientHello'
      | 'hold'
      | 'holdForHandshake'
      | 'wipe'
      | 'keylog'
      | 'replaceAnswers'
      | 'earlyExporter'
      | 'rejectEarlyData'
      | 'connected'
      | 'session'
      | 'fail';
  }
>;

/** What both interpreters make of effects in the same way: facts, secrets, policies, exporters, the key log. */
export class HandshakeEffects {
  readonly facts: FactSheet;
  readonly secrets = new Secrets();
  readonly #answers: InlineAnswers;
  readonly #options: HandshakeEffectsOptions;
  readonly #output: (output: HandshakeOutput) => void;
  #exporters: Exporters = {};

  constructor(options: HandshakeEffectsOptions, output: (output: HandshakeOutput) => void) {
    this.#options = options;
    this.#output = output;
    this.facts = new FactSheet(options.role);
    this.#answers = new InlineAnswers(options.answers);
  }

  get exporters(): Exporters {
    return this.#exporters;
  }

  /** Whether a handshake is complete. */
  get isConnected(): boolean {
    return this.#exporters.main !== undefined;
  }

  /** Carries out an effect if it is one of these; after `connected` the interpreter still has to say so. */
  apply(effect: Effect): effect is HandshakeEffect {
    switch (effect.do) {
      case 'fact':
        this.know(effect.facts);
        return true;
      case 'peerExtensions':
        this.know({ peerExtensions: this.facts.peerExtensionsWith(effect.received) });
        return true;
      case 'innerClientHello':
        if (this.#options.trace) {
          const { direction, raw } = effect;
          const event = { what: 'innerClientHello', direction, raw: copyOf(raw) } as const;
          this.#output({ type: 'trace', event });
        }
        return true;
      case 'hold':
      case 'holdForHandshake':
      case 'wipe':
        this.secrets.apply(effect);
        return true;
      case 'keylog':
        this.secrets.rememberLogged(effect.label, effect.secret);
        if (this.#options.keyLog) {
          const line = keyLogLine(effect.label, effect.clientRandom, effect.secret);
          this.#output({ type: 'keylog', line });
        }
        return true;
      case 'replaceAnswers':
        this.#answers.replace(effect.answers);
        return true;
      case 'earlyExporter':
        this.#exporters = { early: effect.exporter };
        return true;
      case 'rejectEarlyData':
        this.#exporters = {};
        this.#output({ type: 'earlyDataRejected' });
        return true;
      case 'connected':
        this.#exporters = Object.assign({}, this.#exporters, {
          main: effect.exporter,
          tlsUnique: effect.tlsUnique,
        });
        this.secrets.forgetHandshake();
        return true;
      case 'session':
        this.#output({ type: 'session', session: effect.session });
        return true;
      case 'fail':
        throw effect.error;
      default:
        return false;
    }
  }

  know(facts: Parameters<FactSheet['add']>[0]): void {
    this.facts.add(facts);
    if (!this.facts.isCollecting) this.#output({ type: 'fact', facts });
  }

  ask(decision: Decision): void {
    this.traceDecision(decision, 'asked');
    this.#output({ type: 'decision', decision });
  }

  answerInline(decision: Decision): DecisionMap[DecisionKind]['reply'] | undefined {
    const reply = this.#answers.answer(decision);
    if (reply !== undefined) this.traceDecision(decision, 'inline');
    return reply;
  }

  traceDecision({ kind, id }: Decision, answer: 'inline' | 'asked' | 'given'): void {
    if (this.#options.trace) this.#output({ type: 'trace', event: { what: 'decision', kind, id, answer } });
  }

  /** Overwrites secrets; of a failed connection nothing can be exported any more. */
  clear(hasFailed: boolean): void {
    this.secrets.forgetAll(hasFailed);
    if (hasFailed) this.#exporters = {};
  }
}
