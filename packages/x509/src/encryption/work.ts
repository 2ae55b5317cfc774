import { ApiMisuseError } from '@sealwire/core';
import { X509Error } from '../errors.ts';
import { defaultMaxIterations, defaultMaxScryptBytes } from '../limits.ts';

export interface WorkLimits {
  /**
   * Iterations that the derivations of one file may take together (one of scrypt is N · r · p); the file says how many it
   * wants. Default 10,000,000: up to many seconds. Where strangers send files, allow fewer.
   */
  readonly maxIterations?: number;
  /** Bytes of memory that scrypt may take. Default 160 MiB. */
  readonly maxScryptBytes?: number;
}

/** What may still be spent on keys from passwords: whoever wrote the file says how much that is. */
export class Work {
  readonly maxScryptBytes: number;
  readonly #maxIterations: number;
  #left: number;

  constructor(limits: WorkLimits) {
    this.#maxIterations = limits.maxIterations ?? defaultMaxIterations;
    this.maxScryptBytes = limits.maxScryptBytes ?? defaultMaxScryptBytes;
    for (const limit of [this.#maxIterations, this.maxScryptBytes]) {
      if (!(Number.isSafeInteger(limit) && limit > 0))
        throw new ApiMisuseError(`expected a limit of 1 or more, got ${limit}`);
    }
    this.#left = this.#maxIterations;
  }

  /** Called before the work is done. */
  spend(iterations: number): void {
    if (!(iterations <= this.#left)) {
      throw new X509Error(
        'encryption.tooCostly',
        `expected at most ${this.#maxIterations} iterations in the file, got ${iterations}${this.#left === this.#maxIterations ? '' : ' more'}`,
      );
    }
    this.#left -= iterations;
  }
}
