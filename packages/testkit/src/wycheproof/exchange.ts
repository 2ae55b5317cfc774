import type { CryptoProvider, CurveName, GroupName, KeyExchangeGroup } from '@sealwire/core';
import { hex, scriptedSource, unhex } from '../contracts/contract-case.ts';
import { curveNames } from '../contracts/crypto-groups-elliptic.ts';
import { bytes, expectAccepted, expectValue, has, text } from './fields.ts';
import type { GroupRunner, WycheproofGroup } from './vector.ts';

export const runXdh: GroupRunner = (provider, group, test) => {
  const exchange = provider.groups[text(group, 'curve') === 'curve25519' ? 'x25519' : 'x448'];
  if (exchange === undefined) return 'not applicable';
  const secret = exchange.restore(bytes(test, 'private'))?.finish(bytes(test, 'public'));
  const wanted = test.result !== 'invalid' && !has(test, 'ZeroSharedSecret');
  return expectValue(secret, bytes(test, 'shared'), wanted);
};

/** Raw points, as in key shares. */
export const runEcdhPoint: GroupRunner = (provider, group, test) => {
  const curve = curveOf(group);
  const exchange = curve && provider.groups[curve];
  if (exchange === undefined) return 'not applicable';
  const secret = exchange.restore(scalarOf(exchange, text(test, 'private')))?.finish(bytes(test, 'public'));
  return expectValue(secret, bytes(test, 'shared'), test.result === 'valid');
};

/**
 * Points in SubjectPublicKeyInfo: the import must refuse every wrong form, and the point of a right one must
 * agree. `acceptable` and compressed forms are refused.
 */
export const runEcdhSpki: GroupRunner = (provider, group, test) => {
  const curve = curveOf(group);
  const exchange = curve && provider.groups[curve];
  if (exchange === undefined) return 'not applicable';
  const spki = bytes(test, 'public');
  const key = provider.importPublicKey(spki);
  const wanted = test.result === 'valid';
  if (key?.kind.type !== 'ec' || key.kind.curve !== curve) return expectAccepted(false, wanted);
  const point = spki.subarray(spki.length - exchange.clientShareBytes);
  const secret = exchange.restore(scalarOf(exchange, text(test, 'private')))?.finish(point);
  return expectValue(secret, bytes(test, 'shared'), wanted);
};

export const runMlKemKey: GroupRunner = (provider, group, test) => {
  const exchange = kemOf(provider, group);
  if (exchange === undefined) return 'not applicable';
  return expectValue(
    exchange.restore(bytes(test, 'seed'))?.share,
    bytes(test, 'ek'),
    test.result === 'valid',
  );
};

export const runMlKem: GroupRunner = (provider, group, test) => {
  const exchange = kemOf(provider, group);
  if (exchange === undefined) return 'not applicable';
  const key = exchange.restore(bytes(test, 'seed'));
  if (key && typeof test.ek === 'string' && test.ek !== '' && hex(key.share) !== test.ek)
    return 'another encapsulation key';
  return expectValue(key?.finish(bytes(test, 'c')), bytes(test, 'K'), test.result === 'valid');
};

export const runMlKemEncaps: GroupRunner = (provider, group, test) => {
  const exchange = kemOf(provider, group);
  if (exchange === undefined) return 'not applicable';
  const response = exchange.respond(bytes(test, 'ek'), scriptedSource([bytes(test, 'm')]));
  const share = expectValue(response?.share, bytes(test, 'c'), test.result === 'valid');
  return share === 'right' ? expectValue(response?.secret, bytes(test, 'K'), test.result === 'valid') : share;
};

function kemOf(provider: CryptoProvider, group: WycheproofGroup): KeyExchangeGroup | undefined {
  return provider.groups[text(group, 'parameterSet').replaceAll('-', '') as GroupName];
}

function curveOf(group: WycheproofGroup): CurveName | undefined {
  const curve = text(group, 'curve');
  return curveNames.find((name) => name === curve);
}

/** Private keys come as integers: with a zero in front for the sign, or short. */
function scalarOf(exchange: KeyExchangeGroup, integer: string): Uint8Array {
  const digits = exchange.clientShareBytes - 1;
  return unhex(integer.padStart(digits, '0').slice(-digits));
}
