import type { PrivateKey } from '../../src/crypto/provider.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import type { X509Credential } from '../../src/values/credential.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../../src/values/peer-evidence.ts';
import { testProvider } from './node-provider.ts';

/** Keys and self-signed certificates for `sealwire.test`, made with OpenSSL 3.0 and valid for a hundred years. */

export const p256Certificate = fromBase64(
  'MIIBoTCCAUegAwIBAgIUGX3DGarzevIYtjPYZoOKslX2/SIwCgYIKoZIzj0EAwIwGDEWMBQGA1UEAwwNc2VhbHdpcmUudGVzdDAgFw0yNjEx' +
    'MjEwNzQxMzZaGA8yMTI2MTAyODA3NDEzNlowGDEWMBQGA1UEAwwNc2VhbHdpcmUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEu+' +
    'hbO+rnkN4fcnz8vCbhFpinch2rkdvzI/t7I6hy0aw1RuPnmaU8TFFqqFeKsQgG6CzERcsG4XtRS0V9ERqt6jbTBrMB0GA1UdDgQWBBStB1YC' +
    'GoIZ8P+ltzXn+iupbDdw3jAfBgNVHSMEGDAWgBStB1YCGoIZ8P+ltzXn+iupbDdw3jAPBgNVHRMBAf8EBTADAQH/MBgGA1UdEQQRMA+CDXNl' +
    'YWx3aXJlLnRlc3QwCgYIKoZIzj0EAwIDSAAwRQIhAJp91DCRLS9eR7WGxgbszWf2ldkUcFt8lGq9oQh+2WzrAiAG6x/x9xAOkyOyvDe6+xMq' +
    '8XPu5MgdgBH2uIe1NZ0OOg==',
);

export const p256Key = privateKey(
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgr8W1P76f3KKxQLAX3qCU+DSg6ViqYHqrqz73CqlGWaGhRANCAARLvoWzvq55' +
    'DeH3J8/Lwm4RaYp3Idq5Hb8yP7eyOoctGsNUbj55mlPExRaqhXirEIBugsxEXLBuF7UUtFfREare',
);

export const ed25519Certificate = fromBase64(
  'MIIBRjCB+aADAgECAhR1hml6+qdXBhOJPDm+jGl90prnWzAFBgMrZXAwGDEWMBQGA1UEAwwNc2VhbHdpcmUudGVzdDAgFw0yNjExMjEwNzQx' +
    'MzZaGA8yMTI2MTAyODA3NDEzNlowGDEWMBQGA1UEAwwNc2VhbHdpcmUudGVzdDAqMAUGAytlcAMhANNrhfbIf7286JuJFzQ5GazZOcbMro2I' +
    'NnTPUhD71OlMo1MwUTAdBgNVHQ4EFgQUJUFTs42bxee1EYppmYnGWntpmLwwHwYDVR0jBBgwFoAUJUFTs42bxee1EYppmYnGWntpmLwwDwYD' +
    'VR0TAQH/BAUwAwEB/zAFBgMrZXADQQBpcQY/JMU9JGWMpCaLZIKJEAq95vo46PJnqk0Qb6GO/YaeaSS+cwXDYgvMaARNbnGW1c/0Wra6yCPm' +
    '5sn+PTkK',
);

export const ed25519Key = privateKey('MC4CAQAwBQYDK2VwBCIEIN2/tGYVR8thfIAeGgGeywR1rkUU8iwgQZFijgTGLfSJ');

export const p256Credential: X509Credential = {
  type: 'x509',
  chain: [p256Certificate],
  signatureSchemes: [signatureSchemes.ecdsa_secp256r1_sha256],
  key: p256Key,
};

export const ed25519Credential: X509Credential = {
  type: 'x509',
  chain: [ed25519Certificate],
  signatureSchemes: [signatureSchemes.ed25519],
  key: ed25519Key,
};

/** The public key in one of the certificates above: what an application answers to `verifyPeer`. */
export function publicKeyOf(certificate: Uint8Array): Uint8Array {
  const isP256 = certificate.length === p256Certificate.length;
  return (isP256 ? p256Key : ed25519Key).publicKey.spki;
}

/** A policy that takes whoever shows one of the certificates above. */
export function takesFixtures({ evidence }: VerifyPeerAsk): VerifyPeerReply | undefined {
  return evidence.type === 'x509'
    ? { ok: true, publicKey: publicKeyOf(evidence.chain[0]!.certificate) }
    : undefined;
}

function privateKey(base64: string): PrivateKey {
  // The fixtures are keys that the provider takes.
  return testProvider.importPrivateKey(fromBase64(base64))!;
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
