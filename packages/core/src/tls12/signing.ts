import { TlsError } from '../errors/tls-error.ts';
import type { DigitallySigned } from '../messages/tls12/digitally-signed.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { Credential } from '../values/credential.ts';
import type { SignReply } from '../values/decisions.ts';
import type { Profile } from './profile.ts';
import { impliedScheme, ownSchemes } from './signature-schemes.ts';

/** The scheme that we sign with for a peer that verifies these; `undefined`: it named none. */
export function signingScheme(
  credential: Credential,
  ofPeer: readonly number[] | undefined,
  profile: Profile,
): SignatureScheme {
  const own = ownSchemes(credential);
  const scheme =
    ofPeer === undefined
      ? impliedScheme(profile, own.kind)
      : own.schemes.find((each) => ofPeer.includes(each));
  if (scheme !== undefined) return scheme;
  throw new TlsError(
    'incompatible.signatureSchemes',
    'the peer verifies none of the signature schemes of our key',
    { section: 'RFC 5246 §7.4.1.4.1', field: 'signature_algorithms' },
  );
}

/** The signature that the application has made, in the form of the version (RFC 5246 §4.7). */
export function signatureOf(
  scheme: SignatureScheme,
  { signs }: Profile,
  reply: SignReply,
  handshakeMessage: 'server_key_exchange' | 'certificate_verify',
): DigitallySigned {
  if (!reply.ok) {
    throw new TlsError('local.signFailed', `our signature could not be made: ${reply.message}`, {
      handshakeMessage,
      cause: reply.cause,
    });
  }
  return { algorithm: signs.hasSchemeField ? scheme : undefined, signature: reply.signature };
}
