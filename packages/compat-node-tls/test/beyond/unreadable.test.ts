import { expect, it } from 'vitest';
import { askVerify } from '../../src/beyond/verify.ts';

it('a certificate that cannot be read is not shown to sealwire.verify, which could accept it', () => {
  const asked: unknown[] = [];
  const answers: unknown[] = [];
  const handle = {
    beyond: { verify: (peer: unknown) => asked.push(peer) > 0 },
    pump: { answer: (_: unknown, reply: unknown) => void answers.push(reply) },
  };
  const found = { ok: false, reason: 'malformed', message: 'the certificate cannot be read' } as const;
  askVerify({ _rejectUnauthorized: false } as never, handle as never, {} as never, found);
  expect([asked, answers]).toEqual([[], [found]]);
});
