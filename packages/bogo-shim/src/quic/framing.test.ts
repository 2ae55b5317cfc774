import { expect, it } from 'vitest';
import { contentTypes, encodeRecord, type MockRecord, RecordReader } from './framing.ts';
import { LevelKeys } from './level-keys.ts';

const hello: MockRecord = { type: 22, level: 'initial', cipherSuite: 0, body: Uint8Array.of(1, 2, 3) };
const data: MockRecord = { type: 23, level: 'application', cipherSuite: 0x1301, body: new Uint8Array(0) };

it('writes records, and reads them however they are cut', () => {
  const bytes = Buffer.concat([encodeRecord(hello), encodeRecord(data)]);
  expect(bytes.toString('hex')).toBe('1600000000000003010203' + '1703130100000000');
  const reader = new RecordReader();
  const found: MockRecord[] = [];
  for (let i = 0; i < bytes.length; i++) {
    reader.push(bytes.subarray(i, i + 1));
    for (let record = reader.next(); record !== undefined; record = reader.next()) found.push(record);
  }
  expect(found).toEqual([hello, data]);
});

it('refuses a level that there is none of', () => {
  const reader = new RecordReader();
  reader.push(Uint8Array.of(22, 4, 0, 0, 0, 0, 0, 0));
  expect(() => reader.next()).toThrow('the runner speaks at level 4');
});

it('proves both sides to have the same secrets', () => {
  const keys = new LevelKeys();
  const content = Uint8Array.of(7, 8);
  expect(new Uint8Array(keys.open(keys.seal(contentTypes.handshake, 'initial', content)))).toEqual(content);
  expect(() => keys.seal(22, 'handshake', content)).toThrow('no keys to write at level handshake');
  const secret = new Uint8Array(32).fill(9);
  for (const direction of ['read', 'write'] as const)
    keys.add({ type: 'keys', level: 'handshake', direction, cipherSuite: 0x1301, secret });
  const sealed = keys.seal(22, 'handshake', content);
  expect(sealed).toMatchObject({ cipherSuite: 0x1301, level: 'handshake' });
  expect(sealed.body).toEqual(Buffer.concat([secret, content]));
  expect(new Uint8Array(keys.open(sealed))).toEqual(content);
  for (const other of [
    { ...sealed, cipherSuite: 0x1302 },
    { ...sealed, body: Uint8Array.of(1, ...sealed.body.subarray(1)) },
    { ...sealed, body: secret.subarray(1) },
  ])
    expect(() => keys.open(other)).toThrow('the runner has other keys for the level handshake');
});
