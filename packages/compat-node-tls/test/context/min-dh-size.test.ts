import tls from 'node:tls';
import { expect, it } from 'vitest';
import ours from '../../src/index.ts';

it.each([[0], ['x'], [-1], [Number.NaN], [null]])(
  'minDHSize %j is refused as by the builtin',
  (minDHSize) => {
    const refusal = (from: unknown): unknown => {
      try {
        (from as typeof tls).connect({ port: 1, minDHSize } as never).destroy();
      } catch (error) {
        const { name, code, message } = error as Error & { code: string };
        return { name, code, message };
      }
      return undefined;
    };
    expect(refusal(ours)).toEqual(refusal(tls));
    expect(refusal(ours)).toBeDefined();
  },
);
