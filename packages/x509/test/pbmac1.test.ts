import { expect, test } from 'vitest';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { readPkcs12 } from '../src/index.ts';
import { thrownCode } from './thrown.ts';
import { pbmac1Files } from './vectors-pbmac1.ts';

test.each(pbmac1Files)('RFC 9879 appendix %s', (name, base64) => {
  const file = new Uint8Array(Buffer.from(base64, 'base64'));
  for (const provider of [nodeProvider, nobleProvider]) {
    const read = (passphrase: string) => readPkcs12(file, { provider, passphrase });
    if (!name.includes('invalid')) {
      const { mac, identities, keys, certificates } = read('1234');
      expect([mac, keys.length, certificates.length]).toEqual(['pbmac1', 1, 1]);
      expect(identities[0]?.chain).toEqual([certificates[0]!.certificate]);
      expect(thrownCode(() => read('12345'))).toBe('encryption.passphraseWrong');
    } else if (name.includes('no key length'))
      expect(thrownCode(() => read('1234'))).toBe('container.malformed');
    else expect(thrownCode(() => read('1234'))).toBe('encryption.passphraseWrong');
  }
});
