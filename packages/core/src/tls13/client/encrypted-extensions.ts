import { TlsError } from '../../errors/tls-error.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import type { ExtensionBlock } from '../../extensions/block.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../extensions/certificate-type.ts';
import { refuseUnsolicited } from '../../extensions/matrix.ts';
import { maxFragmentLengthExtension } from '../../extensions/max-fragment-length.ts';
import { recordSizeLimitExtension } from '../../extensions/record-size-limit.ts';
import type { Move } from '../../machine/define.ts';
import type { Effect } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import type { EncryptedExtensions } from '../../messages/encrypted-extensions.ts';
import { confirmedFragmentLength } from '../../negotiate/max-fragment-length.ts';
import { certificateTypeName } from '../../negotiate/certificate-type.ts';
import { certificateTypes as registeredTypes } from '../../registry/certificate-types.ts';
import { registryName } from '../../registry/registered.ts';
import { checkedRecordSizeLimit, fragmentLengthEffects } from '../record-size-limit.ts';
import type { CertificateTypes, ClientState } from './states.ts';

/** EncryptedExtensions (RFC 9846 §4.4.1): the server's answers to what we offered. */
export function onEncryptedExtensions(
  { handshake }: Extract<ClientState, { at: 'awaitEncryptedExtensions' }>,
  message: EncryptedExtensions,
): Move<ClientState> {
  const { config, hello } = handshake;
  const { extensions } = message;
  refuseUnsolicited(extensions, hello.extensions);
  const effects: Effect[] = [];
  const alpnProtocol = extensions.get(alpnExtension) ?? null;
  if (alpnProtocol !== null && !config.alpnProtocols.includes(alpnProtocol)) {
    throw new TlsError(
      'peer.unofferedAlpn',
      `the server selects the protocol ${JSON.stringify(alpnProtocol)}, which we did not offer`,
      {
        section: 'RFC 7301 §3.1',
        handshakeMessage: 'encrypted_extensions',
        field: 'application_layer_protocol_negotiation',
      },
    );
  }
  effects.push({ do: 'fact', facts: { alpnProtocol } });
  const peerLimit = extensions.get(recordSizeLimitExtension);
  if (peerLimit !== undefined) {
    const peerRecordSizeLimit = checkedRecordSizeLimit(peerLimit, 'encrypted_extensions');
    effects.push({ do: 'fact', facts: { peerRecordSizeLimit } });
    effects.push({ do: 'limitSentRecords', innerBytes: peerRecordSizeLimit });
    // Only a server that answers the extension has agreed to our limit (RFC 8449 §4).
    if (config.recordSizeLimit !== undefined) {
      effects.push({
        do: 'limitReceivedRecords',
        innerBytes: config.recordSizeLimit,
        section: 'RFC 8449 §4',
      });
    }
  }
  const answered = extensions.get(maxFragmentLengthExtension);
  if (answered !== undefined && config.maxFragmentLength !== undefined) {
    const agreed = confirmedFragmentLength(
      answered,
      config.maxFragmentLength,
      peerLimit !== undefined,
      message.type,
    );
    effects.push(...fragmentLengthEffects(agreed));
  }
  return {
    state: {
      at: 'awaitCertificateOrRequest',
      handshake: { ...handshake, certificateTypes: certificateTypes(hello, extensions) },
    },
    effects,
  };
}

/** The server's choice among what we offered (RFC 7250 §4.2). */
function certificateTypes(
  { extensions: offered }: ClientHello,
  chosen: ExtensionBlock<'EE'>,
): CertificateTypes {
  return {
    ...chosenType('server', serverCertificateTypeExtension, offered, chosen),
    ...chosenType('client', clientCertificateTypeExtension, offered, chosen),
  };
}

function chosenType(
  side: keyof CertificateTypes,
  definition: typeof serverCertificateTypeExtension,
  offered: ExtensionBlock<'CH'>,
  chosen: ExtensionBlock<'EE'>,
): CertificateTypes {
  const type = chosen.get(definition);
  if (type === undefined) return {};
  const name = certificateTypeName(type);
  if (name === undefined || offered.get(definition)?.includes(type) !== true) {
    throw new TlsError(
      'peer.unofferedCertificateType',
      `the server selects ${definition.name} ${registryName(registeredTypes, type)}, which we did not offer`,
      { section: 'RFC 7250 §4.2', handshakeMessage: 'encrypted_extensions', field: definition.name },
    );
  }
  return { [side]: name };
}
