import { expect, it } from 'vitest';
import { hostOpenssl, nodeMajor } from './host.ts';

it.each([
  ['3.0.15+quic', '3.0'],
  ['3.1.4', '3.0'],
  ['3.2.0', '3.5'],
  ['3.5.8', '3.5'],
  ['4.0.0', '3.5'],
  ['1.1.1w', '3.0'],
])('counts OpenSSL %s as %s', (version, generation) => {
  expect(hostOpenssl(version)).toBe(generation);
});

it('takes the version of the process', () => {
  expect(hostOpenssl()).toBe(hostOpenssl(process.versions.openssl));
  expect(nodeMajor()).toBe(Number(/^\d+/.exec(process.versions.node)![0]));
});
