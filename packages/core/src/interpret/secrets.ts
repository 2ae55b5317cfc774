import type { Effect, Wipeable } from '../machine/step.ts';

export type SecretEffect = Extract<Effect, { do: 'hold' | 'holdForHandshake' | 'wipe' }>;

/**
 * Secrets that went through effects and that the machine's state may still hold: overwritten at the end, those of a
 * handshake with it. What exports keying material outlives an orderly end, because the application may ask for it then.
 */
export class Secrets {
  // Lists, not sets: there are a handful, and every idle connection has one of these.
  #ofRecords: readonly Uint8Array[] = [];
  #ofExporters: readonly Uint8Array[] = [];
  #ofHandshake: readonly Wipeable[] = [];

  apply(effect: SecretEffect): void {
    switch (effect.do) {
      case 'hold':
        for (const secret of effect.secrets) this.remember(secret);
        return;
      case 'holdForHandshake':
        this.#ofHandshake = [...this.#ofHandshake, ...effect.secrets];
        return;
      case 'wipe':
        for (const secret of effect.secrets) this.#forget(secret);
    }
  }

  /** The handshake is done, or will never be. */
  forgetHandshake(): void {
    for (const secret of this.#ofHandshake) {
      if (secret instanceof Uint8Array) secret.fill(0);
      else secret.wipe();
    }
    this.#ofHandshake = [];
  }

  remember(secret: Uint8Array): void {
    if (!this.#ofRecords.includes(secret)) this.#ofRecords = [...this.#ofRecords, secret];
  }

  /** By its label in the key log. */
  rememberLogged(label: string, secret: Uint8Array): void {
    if (exportsKeys(label)) this.#ofExporters = [...this.#ofExporters, secret];
    else this.remember(secret);
  }

  forgetAll(withExporters: boolean): void {
    this.forgetHandshake();
    for (const secret of this.#ofRecords) secret.fill(0);
    this.#ofRecords = [];
    if (!withExporters) return;
    for (const secret of this.#ofExporters) secret.fill(0);
    this.#ofExporters = [];
  }

  #forget(secret: Uint8Array): void {
    secret.fill(0);
    this.#ofRecords = this.#ofRecords.filter((each) => each !== secret);
    this.#ofExporters = this.#ofExporters.filter((each) => each !== secret);
  }
}

/** Before TLS 1.3 the secret of everything is what exports (RFC 5705 §4). */
function exportsKeys(label: string): boolean {
  return label.includes('EXPORTER') || label === 'CLIENT_RANDOM';
}
