import { expect, it } from 'vitest';
import { alertFor, olderAlertFor } from '../../src/errors/alerts.ts';
import type { ErrorCode } from '../../src/errors/codes.ts';
import './order.ts';
import './malformed.ts';
import './client-messages.ts';
import './server-messages.ts';
import './authentication.ts';
import './certificate-compression.ts';
import './raw-public-keys.ts';
import './raw-public-keys12.ts';
import './delegated-credentials.ts';
import './delegated-credentials-shown.ts';
import './custom-extensions.ts';
import './custom-extensions12.ts';
import './post-handshake.ts';
import './post-handshake-auth-client.ts';
import './post-handshake-auth-server.ts';
import './records.ts';
import './fragment-length.ts';
import './alerts.ts';
import './limits.ts';
import './pre-shared-keys.ts';
import './pre-shared-key-choices.ts';
import './grease.ts';
import './encrypted-hello-client.ts';
import './encrypted-hello-server.ts';
import './older-hellos.ts';
import './finite-fields.ts';
import './order12.ts';
import './server-messages12.ts';
import './client-messages12.ts';
import './records12.ts';
import './cbc12.ts';
import './static-rsa.ts';
import './anonymous.ts';
import './older-pre-shared-keys.ts';
import './npn.ts';
import './application-settings.ts';
import './false-start.ts';
import './pkcs1.ts';
import './mldsa.ts';
import './older-limits.ts';
import './older-resumption.ts';
import './older-versions.ts';
import './older-keys.ts';
import './renegotiation.ts';
import './quic.ts';
import './quic-sessions.ts';
import { registered, table } from './clause.ts';
import { readTable } from './table.ts';

/**
 * Every rule that a peer can break has a row in a table (`*.md`), and every row has a test. The suites imported
 * above register their tests; here the two lists are compared.
 */
it('every row of the table has one test, and every test a row', () => {
  const rows = readTable();
  expect([...table.keys()]).toHaveLength(rows.length);
  expect(registered.toSorted()).toEqual(rows.map(({ test }) => test).toSorted());
});

it('the table names codes that exist, with the alerts that are sent for them', () => {
  for (const { test, code, alert } of table.values()) {
    const expected = code === 'accepted' ? 'none' : alertFor[code as ErrorCode];
    const older = olderAlertFor[code as ErrorCode] ?? expected;
    expect([test, alert]).toEqual([test, test.startsWith('RFC 5246 ') ? older : expected]);
  }
});

it('every code for what peers do wrong stands in the table', () => {
  const codes = Object.keys(alertFor).filter((code) => /^(peer|incompatible)\./.test(code));
  const covered = new Set([...table.values()].map(({ code }) => code));
  expect(codes.filter((code) => !covered.has(code))).toEqual([]);
});
