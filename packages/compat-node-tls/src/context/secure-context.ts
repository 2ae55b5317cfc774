import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { callable } from '../callable.ts';
import { said } from '../beyond/said.ts';
import { checkedSealwire } from '../beyond/checked.ts';
import { warnOfUnknown } from '../beyond/warn-unknown.ts';
import { validateInteger, validateObject } from '../errors/validators.ts';
import { InnerContext } from './inner-context.ts';
import { configure, type GivenOptions } from './options.ts';

export { InnerContext };

abstract class SecureContextMethods {
  declare context: InnerContext;
}

export type SecureContext = SecureContextMethods;

type Arguments = [
  secureProtocol?: unknown,
  secureOptions?: unknown,
  minVersion?: unknown,
  maxVersion?: unknown,
];

/** Credentials and rules, to make any number of connections with. The constructor knows but the versions; `createSecureContext` the rest. */
export const SecureContext = callable<SecureContextMethods, Arguments>(
  Object.defineProperty(SecureContextMethods, 'name', { value: 'SecureContext' }),
  null,
  (self, secureProtocol, secureOptions, minVersion, maxVersion) => {
    const context = new InnerContext();
    context.init({ secureProtocol, minVersion, maxVersion });
    if (secureOptions) {
      validateInteger(secureOptions, 'secureOptions');
      context.setOptions(secureOptions);
    }
    self.context = context;
  },
);

export function createSecureContext(given?: SecureContextOptions): SecureContext {
  const options = (given || {}) as GivenOptions;
  const { secureProtocol, minVersion, maxVersion, honorCipherOrder } = options;
  const bits = honorCipherOrder
    ? // As JavaScript takes what is no number here.
      (options.secureOptions as number) | constants.SSL_OP_CIPHER_SERVER_PREFERENCE
    : options.secureOptions;
  const made = new SecureContext(secureProtocol, bits, minVersion, maxVersion);
  validateObject(options, 'options');
  const beyond = checkedSealwire(said(options, 'sealwire'));
  warnOfUnknown('tls.createSecureContext', options, beyond);
  configure(made.context, options);
  made.context.goBeyond(beyond);
  return made;
}
