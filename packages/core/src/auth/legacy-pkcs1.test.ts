import { expect, describe, it } from 'vitest';
import { client12, server12 } from '../../test/harness/pair12.ts';
import { rsaCredential } from '../../test/harness/rsa-keys.ts';
import { connect, failures, handshakeMessages, nowMs } from '../../test/harness/two-ends.ts';
import { defaultSignatureSchemes } from '../config/defaults.ts';
import { describeScheme } from '../crypto/signature-schemes.ts';
import { type ClientOptions, type ServerOptions, tls13 } from '../index.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import { signatureSchemes as schemes, type SignatureScheme } from '../registry/signature-schemes.ts';
import { hex } from '../wire/bytes.ts';
import { tls12 } from '../tls12/module.ts';

/** RSASSA-PKCS1-v1_5 of clients in TLS 1.3 (RFC 9963). */

const usual = defaultSignatureSchemes.filter((scheme) => describeScheme(scheme)?.sinceTls13 !== true);
const { rsa_pkcs1_sha256_legacy: legacy, rsa_pss_rsae_sha256: pss } = schemes;
const signing = (...signatureSchemes: SignatureScheme[]) => ({
  credentials: [{ ...rsaCredential, signatureSchemes }],
});
const taking: Partial<ServerOptions> = {
  clientAuthentication: 'require',
  signatureSchemes: [...usual, legacy],
};
const newer = { versions: [tls13] };

function ends(a: Partial<ClientOptions>, b: Partial<ServerOptions>) {
  const [client, server] = [client12({ trace: true, ...a }), server12({ trace: true, ...b })];
  const said = connect(client, server, nowMs);
  return { client, server, said, failed: [...failures(said.a), ...failures(said.b)] };
}

describe('PKCS #1 in TLS 1.3', () => {
  it.each([
    schemes.rsa_pkcs1_sha256_legacy,
    schemes.rsa_pkcs1_sha384_legacy,
    schemes.rsa_pkcs1_sha512_legacy,
  ])('is taken from a client whose key signs in no other way: 0x%s', (scheme) => {
    const { server, failed } = ends(
      { ...newer, ...signing(scheme) },
      { ...newer, ...taking, signatureSchemes: [...usual, scheme] },
    );
    expect(failed).toEqual([]);
    expect(server.facts.peerSignatureScheme).toBe(scheme);
  });

  it('comes after what a key signs with otherwise, as the credential has them', () => {
    const { server } = ends({ ...newer, ...signing(pss, legacy) }, { ...newer, ...taking });
    expect(server.facts.peerSignatureScheme).toBe(pss);
  });

  it('is not asked for by default', () => {
    const { said, failed } = ends(
      { ...newer, ...signing(legacy) },
      { ...newer, clientAuthentication: 'require' },
    );
    expect(failed[0]).toMatch(/^(received.alert|incompatible.certificateRequired)/);
    const [request] = handshakeMessages(said.b, handshakeTypes.certificate_request);
    expect(hex(request!)).not.toMatch(/0[456]20/);
  });

  it('signs for no server', () => {
    const lists = { in: 'CH', type: 13, data: Uint8Array.of(0, 2, 0x04, 0x20) } as const;
    const { failed } = ends({ ...newer, extraExtensions: [lists] }, { ...newer, ...signing(legacy, pss) });
    expect(failed.join()).toContain(
      'incompatible.signatureSchemes: the client can verify none of our certificates',
    );
  });

  it('is no matter of TLS 1.2', () => {
    const { said, client, failed } = ends(signing(legacy, pss), taking);
    expect(failed).toEqual([]);
    expect(client.facts.version).toBe(0x0303);
    const [request] = handshakeMessages(said.b, handshakeTypes.certificate_request);
    expect(hex(request!)).toContain('0804');
    expect(hex(request!)).not.toContain('0420');
    expect(ends(signing(legacy), taking).failed).not.toEqual([]);
  });

  it('is nothing that a client offers, nor all that a server of TLS 1.2 takes', () => {
    expect(() => client12({ ...newer, signatureSchemes: [pss, legacy] })).toThrow('is for servers to take');
    expect(() => server12({ signatureSchemes: [legacy] })).toThrow('signatureSchemes must name');
    // Who takes nothing else has nothing to ask of a client of TLS 1.2.
    const both = {
      versions: [tls13, tls12],
      clientAuthentication: 'require',
      signatureSchemes: [legacy],
    } as const;
    const { said } = ends(signing(pss), both);
    expect(failures(said.b)[0]).toMatch(/^incompatible.signatureSchemes/);
    expect(ends({ ...newer, ...signing(legacy) }, both).failed).toEqual([]);
  });
});
