import { spelt } from '../config/checks.ts';
import { ownOptions } from '../config/option-names.ts';
import { requireProvider } from './require-provider.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type { ClientEch, EchPair, RealEchOffer } from '../machine/ech.ts';
import type { Context } from '../machine/step.ts';
import { clientHello, type ClientHello } from '../messages/client-hello.ts';
import { ascii, concat, copyOf } from '../wire/bytes.ts';
import { encode } from '../wire/codec.ts';
import { answerChecks } from './answer-checks.ts';
import { parseEchConfigList } from './config-list.ts';
import { isConfirmed } from './confirmation.ts';
import { encodeInner } from './encoded-inner.ts';
import { greaseEch } from './grease.ts';
import { outerExtension } from './hello-extension.ts';
import {
  outerExtensions,
  packable,
  secondOuter,
  withGreasePsk,
  withoutOlderVersions,
} from './outer-hello.ts';
import { selectConfig, type SelectedConfig } from './select-config.ts';

export interface ClientEchOptions {
  readonly provider: CryptoProvider;
  /** ECHConfigList, as an HTTPS record of DNS gives it (RFC 9848) or a rejected connection does. */
  readonly configList: Uint8Array;
  /**
   * ALPN protocols to show outside, where those inside would tell something. Default: the same; then they are sent
   * once. An empty list: none.
   */
  readonly outerAlpnProtocols?: readonly string[];
}

/**
 * Encrypted Client Hello for a client's option `ech` (RFC 9849 §6.1): server name, protocols and pre-shared keys
 * travel encrypted to the server's published key; outside stands that server's public name.
 *
 * Where no configuration of the list can be used, the client sends GREASE, as RFC 9849 §6.1 recommends, and the name
 * in the clear: look at `canEncrypt` if that must not be. `ApiMisuseError` for a list that does not parse.
 */
export function clientEch(options: ClientEchOptions): ClientEch {
  const { provider, configList, outerAlpnProtocols } = ownOptions('clientEch', options, optionNames);
  if (!(configList instanceof Uint8Array))
    throw new ApiMisuseError(`configList must be a Uint8Array, got ${spelt(configList)}`);
  if (outerAlpnProtocols !== undefined && !Array.isArray(outerAlpnProtocols))
    throw new ApiMisuseError(`outerAlpnProtocols must be an array, got ${spelt(outerAlpnProtocols)}`);
  const configs = parseEchConfigList(configList);
  if (configs === undefined) {
    throw new ApiMisuseError(
      `configList must be an ECHConfigList, got ${configList.length} bytes that are none`,
    );
  }
  requireProvider(provider);
  const config = selectConfig(configs, provider);
  if (config === undefined) return greaseEch({ provider });
  return { canEncrypt: true, begin: (hello, context) => pack(config, outerAlpnProtocols, hello, context) };
}

const optionNames: Readonly<Record<keyof ClientEchOptions, true>> = {
  provider: true,
  configList: true,
  outerAlpnProtocols: true,
};

function pack(
  config: SelectedConfig,
  outerProtocols: readonly string[] | undefined,
  hello: ClientHello,
  { entropy }: Context,
): EchPair {
  const { hpke, contents, suite } = config;
  const outer: ClientHello = {
    ...hello,
    // RFC 9849 §6.1: never the inner one.
    random: entropy.random(32),
    extensions: outerExtensions(hello.extensions, contents.publicName, outerProtocols),
  };
  const ephemeral = entropy.generate(hpke.kem.group);
  const info = concat([ascii('tls ech\0'), config.bytes]);
  // The key was tried when the configuration was selected.
  let secret: Uint8Array = new Uint8Array(0);
  const { enc, context } = hpke.seal(contents.publicKey, info, ephemeral, (shared) => (secret = shared))!;
  ephemeral.wipe();
  const seal = (inner: ClientHello, around: ClientHello, sequence: 0 | 1): ClientHello => {
    const encoded = encodeInner(inner, around.extensions, contents.maximumNameLength);
    const withPayload = (payload: Uint8Array): ClientHello => ({
      ...around,
      extensions: around.extensions.with(
        outerExtension({
          cipherSuite: suite,
          configId: contents.configId,
          enc: sequence === 0 ? enc : new Uint8Array(0),
          payload,
        }),
      ),
    });
    // RFC 9849 §5.2: the payload binds the outer hello, with zeros in the payload's own place.
    const aad = encode(clientHello, withPayload(new Uint8Array(encoded.length + hpke.aead.tagBytes)));
    return withPayload(context.seal(sequence, aad, encoded));
  };
  return {
    inner: { ...hello, extensions: packable(withoutOlderVersions(hello.extensions), outer.extensions) },
    wrap(inner) {
      const sent = seal(inner, withGreasePsk(outer, inner, entropy), 0);
      const keys = { clientRandom: copyOf(sent.random), secret, config: copyOf(config.bytes) };
      return { sent, offer: offerOf(config, inner, sent, seal), keys };
    },
  };
}

function offerOf(
  { contents }: SelectedConfig,
  inner: ClientHello,
  sent: ClientHello,
  seal: (inner: ClientHello, around: ClientHello, sequence: 0 | 1) => ClientHello,
): RealEchOffer {
  return {
    kind: 'real',
    inner,
    publicName: contents.publicName,
    isConfirmed: (message, before, hash) => isConfirmed(message, inner.random, before, hash),
    wrapAgain: (second) => seal(second, secondOuter(sent, second), 1),
    ...answerChecks,
  };
}
