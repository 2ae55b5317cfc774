import { rsa } from './material.ts';

/** What calls of the stores give, in a form that can be compared. */

export const { key } = rsa;

interface Stores {
  getCACertificates(type?: unknown): readonly string[];
  setDefaultCACertificates(list: unknown): void;
}

export function stores(tls: Stores) {
  return {
    get: (type?: unknown): string[] => tls.getCACertificates(type) as string[],
    set: (list: unknown): unknown => {
      const failure = outcome(() => tls.setDefaultCACertificates(list));
      return failure ?? { accepted: true, list: tls.getCACertificates('default') };
    },
  };
}

/** `undefined`: nothing was thrown. */
export function outcome(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    const { name, message, code, opensslErrorStack } = error as Record<string, unknown>;
    return { name, message, code, opensslErrorStack, own: Object.keys(error as object) };
  }
}
