import { expect, it } from 'vitest';
import { hostOpenssl } from '../process/host.ts';
import { traceText } from './print.ts';

it('names a record by what is inside of it, too', () => {
  const record = {
    what: 'record',
    contentType: 22,
    wireBytes: 45,
    contentBytes: 23,
    isProtected: true,
  } as const;
  const words = hostOpenssl() === '3.0' ? 'Sent Record' : 'Sent TLS Record';
  expect(traceText({ ...record, direction: 'sent' })).toBe(
    `${words}\nHeader:\n  Content Type = ApplicationData (23)\n  Length = 40\n` +
      '  Inner Content Type = Handshake (22)\n  Inner Length = 23\n',
  );
});

it('shows a message with its bytes', () => {
  const raw = Uint8Array.of(20, 0, 0, 3, 1, 2, 255);
  expect(traceText({ what: 'handshake', direction: 'received', raw })).toBe(
    '    Finished, Length=3\n      0000 - 01 02 ff\n\n',
  );
});

it('ends a long message early, and says so', () => {
  const text = traceText({ what: 'handshake', direction: 'sent', raw: new Uint8Array(2_000) });
  expect(text.split('\n').length).toBeLessThan(70);
  expect(text).toContain('… 972 more');
});

it('says nothing of keys', () => {
  expect(traceText({ what: 'keys', direction: 'read', epoch: 'application' })).toBe('');
});
