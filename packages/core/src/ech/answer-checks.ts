import { encryptedClientHelloExtension } from '../extensions/encrypted-client-hello.ts';
import type { RealEchOffer } from '../machine/ech.ts';
import { copyOf } from '../wire/bytes.ts';
import { readEchConfigList } from './config-list.ts';
import { checkRetrySignal } from './confirmation.ts';

/** What a client checks of a server's answers whether or not they mean anything to it (RFC 9849 §6.1.6, §6.2.1). */
export const answerChecks: Pick<RealEchOffer, 'retryConfigs' | 'checkRetry'> = {
  retryConfigs(data) {
    readEchConfigList(data, 'encrypted_extensions.extensions.encrypted_client_hello');
    return copyOf(data);
  },
  checkRetry({ extensions }) {
    const signal = extensions.raw(encryptedClientHelloExtension);
    if (signal !== undefined) checkRetrySignal(signal);
  },
};
