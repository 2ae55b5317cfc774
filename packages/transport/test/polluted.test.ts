import { nodeProvider as provider } from '@sealwire/crypto-node';
import { acceptAnyPeer, makeTestPki, TrustAnchors } from '@sealwire/x509';
import { afterEach, describe, expect, it } from 'vitest';
import { clientSettings, type Decide, namedServerSettings, serverSettings } from '../src/index.ts';

const pki = makeTestPki({ provider, nowMs: Date.now() });
const identity = { certificate: [...pki.server.chain], privateKey: pki.server.key.exportPkcs8() };
const defaults = { provider, roots: () => new TrustAnchors([pki.root.certificate]) };
const policy = acceptAnyPeer({ dangerouslySkipAuthentication: true });
const anyone: Decide['verifyPeer'] = (ask) => policy(ask);
const accepting: Decide = { verifyPeer: anyone };

/** Somebody puts this on `Object.prototype`, as by a JSON document with a key `__proto__` that was merged badly. */
function pollute(fields: object): void {
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    polluted.push(name);
  }
}
const polluted: string[] = [];
afterEach(() => {
  for (const name of polluted.splice(0)) Reflect.deleteProperty(Object.prototype, name);
});

describe('what is on Object.prototype', () => {
  it.each([
    ['verify', { verify: false }],
    ['decide', { decide: accepting }],
    ['verifyPeer', accepting],
    ['peerCertificateTypes', { peerCertificateTypes: ['rawPublicKey'] }],
    ['rawPublicKeys', { rawPublicKeys: [new Uint8Array(44)] }],
    ['roots', { roots: [] }],
  ])('changes not whom a client trusts: %s', (_name, fields) => {
    const options = { serverName: 'localhost', decide: {} };
    const usual = clientSettings(options, defaults);
    pollute(fields);
    const { config, decide } = clientSettings(options, defaults);
    expect(decide.verifyPeer).toBeUndefined();
    expect(config.answers.verifyPeer).toBeTypeOf('function');
    expect(config.answers.verifyPeer).not.toBe(anyone);
    expect(config.peerCertificateTypes).toEqual(usual.config.peerCertificateTypes);
  });

  it('is not what a server was told', () => {
    pollute({ clientAuthentication: 'request', verify: false, unknownNames: 'refuse', truncation: 'end' });
    for (const make of [serverSettings, namedServerSettings]) {
      const { config, truncation } = make(identity, defaults);
      expect(truncation).toBe('error');
      expect(config.answers.verifyPeer).toBeUndefined();
    }
  });
});
