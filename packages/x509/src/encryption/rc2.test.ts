import { expect, test } from 'vitest';
import { Rc2 } from './rc2.ts';

const unhex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const long = '88bca90e90875a7f0f79c384627bafb2';

test.each([
  // RFC 2268 §5: effective bits, key, plaintext, ciphertext.
  [63, '0000000000000000', '0000000000000000', 'ebb773f993278eff'],
  [64, 'ffffffffffffffff', 'ffffffffffffffff', '278b27e42e2f0d49'],
  [64, '3000000000000000', '1000000000000001', '30649edf9be7d2c2'],
  [64, '88', '0000000000000000', '61a8a244adacccf0'],
  [64, '88bca90e90875a', '0000000000000000', '6ccf4308974c267f'],
  [64, long, '0000000000000000', '1a807d272bbe5db1'],
  [128, long, '0000000000000000', '2269552ab0f85ca6'],
  [129, `${long}16f80a6f85920584c42fceb0be255daf1e`, '0000000000000000', '5b78d3a43dfff1f1'],
])('RFC 2268 §5: %d bits, key %s', (bits, key, text, encrypted) => {
  const rc2 = new Rc2(unhex(key), bits);
  expect(rc2.decryptCbc(new Uint8Array(8), unhex(encrypted))).toEqual(unhex(text));
  // CBC: each block is combined with the one before.
  const chained = rc2.decryptCbc(unhex('0102030405060708'), unhex(encrypted + encrypted));
  const plain = unhex(text);
  expect(chained).toEqual(
    Uint8Array.from([
      ...plain.map((byte, i) => byte ^ (i + 1)),
      ...plain.map((byte, i) => byte ^ unhex(encrypted)[i]!),
    ]),
  );
});
