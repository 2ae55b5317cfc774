import { registryName, signatureSchemes } from '@sealwire/core';
import type { Tls12Message } from '@sealwire/core/codecs';
import { parseCertificate } from '@sealwire/x509';
import { join } from './message-text.ts';

/** The main fields of a message that only TLS 1.2 and older have, or have in another form, in one line. */
export function describeOlderMessage(message: Tls12Message): string {
  switch (message.type) {
    case 'certificate': {
      const [own] = message.certificateList;
      const count = message.certificateList.length;
      if (own === undefined) return 'no certificate';
      return join([String(parseCertificate(own).subject), count === 1 ? '' : `${count} certificates`]);
    }
    case 'server_key_exchange':
    case 'client_key_exchange':
      return `${message.body.length} bytes of the key exchange`;
    case 'certificate_request':
      return join([
        `${message.certificateTypes.length} types`,
        `${message.certificateAuthorities.length} authorities`,
      ]);
    case 'certificate_verify': {
      const { algorithm, signature } = message;
      const scheme = algorithm === undefined ? 'no scheme' : registryName(signatureSchemes, algorithm);
      return join([scheme, `signature of ${signature.length} bytes`]);
    }
    case 'finished':
      return `verify_data of ${message.verifyData.length} bytes`;
    case 'new_session_ticket':
      return `valid for ${message.ticketLifetimeHintSeconds} s`;
    case 'certificate_status':
      return `OCSP response of ${message.response.length} bytes`;
    case 'client_hello':
    case 'server_hello':
    case 'hello_request':
    case 'server_hello_done':
    case 'next_protocol':
      return '';
  }
}
