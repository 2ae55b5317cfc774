import { createVerifier, type PathRefusal } from '../../src/index.ts';
import { type Contents, newKey, nowMs } from '../authority.ts';
import { credentialOf, dayMs, delegator, forced, owner, provider, root, seconds } from '../delegator.ts';
import { type Case, clause } from './clause.ts';

/** RFC 9345 §4.1.3 and §4.2, as far as the certificate's holder can break it. */

function of(credential: ReturnType<typeof credentialOf>, by = owner, receivedAtMs = nowMs): Case {
  return () => {
    const reply = createVerifier({ provider, roots: root.certificate })({
      cause: 'handshake',
      evidence: { type: 'x509', chain: [{ certificate: by.certificate, delegatedCredential: credential }] },
      expectedName: 'a.example',
      purpose: 'serverAuth',
      keyUse: 'sign',
      receivedAtMs,
    });
    return reply.ok ? undefined : (reply.cause as PathRefusal);
  };
}

function by(contents: Contents): Case {
  const issued = delegator(contents);
  return of(forced({ by: issued }), issued);
}

clause('RFC 9345 §4.1.3: a credential', of(credentialOf()));
clause('RFC 9345 §4.1.3: after its time', of(credentialOf(), owner, nowMs + dayMs + 1));
clause(
  'RFC 9345 §4.1.3: longer than seven days, or than its certificate',
  of(forced({ validTimeSeconds: 0xffff_ffff })),
  of(credentialOf({ expiresAtMs: nowMs + 7 * dayMs }), owner, nowMs - 1),
  ...[delegator({ notAfterMs: nowMs + dayMs })].map((issued) =>
    of(forced({ by: issued, validTimeSeconds: seconds(nowMs + dayMs) + 1 }), issued),
  ),
);
clause('RFC 9345 §4.1.3: signed by another key', of(forced({ key: newKey() })));
clause('RFC 9345 §4.1.3: signed for the other role', of(credentialOf({ role: 'client' })));
clause(
  'RFC 9345 §4: a key that is not of its scheme',
  of(forced({ subjectPublicKeyInfo: newKey({ type: 'rsa', bits: 2_048 }).publicKey.spki })),
  of(forced({ subjectPublicKeyInfo: Uint8Array.of(0x30, 0) })),
);
clause(
  'RFC 9345 §4.2: a certificate that does not permit it',
  by({ delegationUsage: false }),
  by({ keyUsage: [] }),
);
