import { ownOptions } from '../config/option-names.ts';
import { requireProvider } from './require-provider.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { hpkeOf } from '../hpke/hpke.ts';
import type { ClientEch } from '../machine/ech.ts';
import { hpkeAeads } from '../registry/hpke-aeads.ts';
import { hpkeKdfs } from '../registry/hpke-kdfs.ts';
import { hpkeKems } from '../registry/hpke-kems.ts';
import { answerChecks } from './answer-checks.ts';
import { encodeInner } from './encoded-inner.ts';
import { outerExtension } from './hello-extension.ts';
import { outerExtensions, packable, withoutOlderVersions } from './outer-hello.ts';

/**
 * GREASE ECH for a client's option `ech` (RFC 9849 §6.2.1): an encrypted_client_hello that nobody can decrypt, so that
 * connections with and without Encrypted Client Hello look alike. `ApiMisuseError` for a provider without X25519,
 * SHA-256 and AES-128-GCM.
 */
export function greaseEch(options: { readonly provider: CryptoProvider }): ClientEch {
  const { provider } = ownOptions('greaseEch', options, { provider: true });
  requireProvider(provider);
  const suites = [hpkeAeads.AES_128_GCM, hpkeAeads.ChaCha20Poly1305].flatMap((aead) => {
    const hpke = hpkeOf(provider, hpkeKems.DHKEM_X25519_HKDF_SHA256, hpkeKdfs.HKDF_SHA256, aead);
    return hpke === undefined ? [] : [{ hpke, aead }];
  });
  if (suites.length === 0) {
    throw new ApiMisuseError(
      `the provider ${provider.name} lacks what GREASE ECH needs: X25519, SHA-256, an AEAD`,
    );
  }
  return {
    canEncrypt: false,
    begin(hello, { entropy }) {
      const [configId, which] = entropy.random(2);
      const { hpke, aead } = suites[which! % suites.length]!;
      // A public key as good as any: its private part is forgotten at once.
      const key = entropy.generate(hpke.kem.group);
      key.wipe();
      // As long as what would be sent to a server that shares all but the name.
      const outer = outerExtensions(hello.extensions, 'public.invalid', undefined);
      const meant = { ...hello, extensions: packable(withoutOlderVersions(hello.extensions), outer) };
      const length = encodeInner(meant, outer, 0).length + hpke.aead.tagBytes;
      const data = outerExtension({
        cipherSuite: { kdf: hpkeKdfs.HKDF_SHA256, aead },
        configId: configId!,
        enc: key.share,
        payload: entropy.random(length),
      });
      return {
        inner: { ...hello, extensions: hello.extensions.with(data) },
        wrap: (sent) => ({ sent, offer: { kind: 'grease', ...answerChecks } }),
      };
    },
  };
}
