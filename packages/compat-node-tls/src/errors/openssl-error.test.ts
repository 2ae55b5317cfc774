import tls from 'node:tls';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { portrait } from '../../test/errors/reference.ts';
import { opensslError, sslReason, thrownOpensslError } from './openssl-error.ts';

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it('throws what OpenSSL refuses as Node does', () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [
      thrownOpensslError(sslReason('no cipher match')),
      thrown(() => tls.createSecureContext({ ciphers: 'nope' })),
    ],
    [
      thrownOpensslError({ library: 'PEM routines', number: 108, reason: 'no start line' }),
      thrown(() => tls.createSecureContext({ cert: 'nope' })),
    ],
    [
      thrownOpensslError({ library: 'DECODER routines', number: 0x8010c, reason: 'unsupported' }),
      thrown(() => tls.createSecureContext({ key: 'nope' })),
    ],
  ];
  for (const [ours, theirs] of pairs) expect(portrait(ours, inspect)).toEqual(portrait(theirs, inspect));
});

it('words what breaks in a connection as each OpenSSL does', () => {
  const alert = opensslError('sslv3 alert handshake failure', { data: 'SSL alert number 40' }, '3.0');
  expect(Reflect.ownKeys(alert)).toEqual(['stack', 'message', 'library', 'reason', 'code']);
  expect(alert.message).toMatch(
    /^[0-9A-F]{16}:error:0A000410:SSL routines::sslv3 alert handshake failure:sealwire:0:SSL alert number 40\n$/,
  );
  expect(alert).toMatchObject({
    library: 'SSL routines',
    reason: 'sslv3 alert handshake failure',
    code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  });
  expect(opensslError('sslv3 alert handshake failure', {}, '3.5')).toMatchObject({
    reason: 'ssl/tls alert handshake failure',
    code: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
  });
});
