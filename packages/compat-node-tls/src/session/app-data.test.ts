import { expect, it } from 'vitest';
import { type AppData, decodeAppData, encodeAppData } from './app-data.ts';

const data: AppData = {
  startedAtMs: 1_700_000_000_123,
  expectedName: 'a.test',
  applicationData: Uint8Array.of(1, 2, 3),
};
const encoded = encodeAppData(data);

it('is read as it was written', () => {
  expect(decodeAppData(encoded)).toEqual(data);
  const bare = { startedAtMs: 0, expectedName: undefined, applicationData: new Uint8Array(0) };
  expect(decodeAppData(encodeAppData(bare))).toEqual(bare);
});

it('is somebody else’s where the mark is another, or something is missing', () => {
  expect(decodeAppData(undefined)).toBeUndefined();
  for (let at = 0; at < 4; at++) expect(decodeAppData(encoded.with(at, 0x58))).toBeUndefined();
  // Mark, time, length and the name: what follows is the application's, and may be nothing.
  const ownBytes = 4 + 8 + 2 + 'a.test'.length;
  for (let length = 0; length < ownBytes; length++)
    expect(decodeAppData(encoded.subarray(0, length))).toBeUndefined();
  expect(decodeAppData(encoded.subarray(0, ownBytes))?.applicationData).toHaveLength(0);
});
