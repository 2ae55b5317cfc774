import 'reflect-metadata';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import {
  type TestPki,
  checkOcspResponse,
  checkRevocation,
  encodePem,
  makeCertificate,
  makeCrl,
  makeOcspResponse,
  parseCertificate,
} from '@sealwire/x509';
import type { CryptoProvider } from '@sealwire/core';
import * as peculiar from '@peculiar/x509';
import { createSecureContext } from 'node:tls';
import * as pkijs from 'pkijs';

/** What a library does about revocation; `undefined`: it cannot. Each answers whether the certificate is good. */
export interface RevocationLibrary {
  readonly name: string;
  /** Reads a CRL, checks its signature and looks the certificate up, everything anew. */
  readonly checkCrl?: (material: CrlMaterial) => (() => Promise<boolean> | boolean) | undefined;
  /** Reads a response of a responder whom the issuer has certified, checks both signatures, and finds the answer. */
  readonly checkOcsp?: (material: OcspMaterial) => (() => Promise<boolean> | boolean) | undefined;
}

export interface CrlMaterial {
  readonly pki: TestPki;
  readonly nowMs: number;
  readonly crl: Uint8Array;
}

export interface OcspMaterial {
  readonly pki: TestPki;
  readonly nowMs: number;
  readonly response: Uint8Array;
}

/** A list without the server's certificate; serial numbers of 16 octets, as public CAs have them. */
export function crlMaterial(pki: TestPki, nowMs: number, entries: number): CrlMaterial {
  const revoked = Array.from({ length: entries }, (_, i) => ({
    serialNumber: Uint8Array.of(1, ...new Uint8Array(12), i >> 16, (i >> 8) & 0xff, i & 0xff),
    revocationDateMs: nowMs - 60_000,
    reason: 'superseded' as const,
  }));
  const crl = makeCrl({
    provider: nodeProvider,
    issuer: pki.intermediate,
    thisUpdateMs: nowMs - 60_000,
    nextUpdateMs: nowMs + dayMs,
    revoked,
  });
  return { pki, nowMs, crl };
}

export function ocspMaterial(pki: TestPki, nowMs: number): OcspMaterial {
  const { intermediate, server } = pki;
  const key = nodeProvider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const certificate = makeCertificate({
    provider: nodeProvider,
    subject: { CN: 'responder' },
    key,
    issuer: intermediate,
    notBeforeMs: nowMs - dayMs,
    notAfterMs: nowMs + dayMs,
    extendedKeyUsage: ['ocspSigning'],
    ocspNoCheck: true,
  });
  const response = makeOcspResponse({
    provider: nodeProvider,
    responder: { certificate, key },
    answers: [
      {
        certificate: server.certificate,
        issuer: intermediate.certificate,
        status: 'good',
        thisUpdateMs: nowMs - 60_000,
        nextUpdateMs: nowMs + dayMs,
      },
    ],
  });
  return { pki, nowMs, response };
}

function sealwire(provider: CryptoProvider): RevocationLibrary {
  const policy = {};
  return {
    name: `Sealwire, ${provider.name}`,
    checkCrl({ pki, nowMs, crl }) {
      const chain = [...pki.server.chain, pki.root.certificate].map((der) => parseCertificate(der));
      const context = { timeMs: nowMs, provider, policy };
      return () => checkRevocation(chain, { crls: crl, certificates: 'endEntity' }, context) === undefined;
    },
    checkOcsp({ pki, nowMs, response }) {
      const { certificate } = pki.server;
      const issuer = pki.intermediate.certificate;
      return () =>
        checkOcspResponse({ provider, response, certificate, issuer, timeMs: nowMs }).status === 'good';
    },
  };
}

/** It reads lists for connections to come; only those check them. */
const nodeTls: RevocationLibrary = {
  name: 'node:tls, reads the CRL',
  checkCrl({ pki, crl }) {
    const [list, ca] = [encodePem('X509 CRL', crl), encodePem('CERTIFICATE', pki.root.certificate)];
    return () => createSecureContext({ ca, crl: list }).context !== undefined;
  },
};

/** No dates, no extensions, no right to sign. */
const peculiarX509: RevocationLibrary = {
  name: '@peculiar/x509',
  checkCrl({ pki, crl }) {
    const issuer = new peculiar.X509Certificate(pki.intermediate.certificate);
    const certificate = new peculiar.X509Certificate(pki.server.certificate);
    return async () => {
      const list = new peculiar.X509Crl(crl);
      const isSigned = await list.verify({ publicKey: issuer }, globalThis.crypto);
      return isSigned && list.findRevoked(certificate) === null;
    };
  },
};

/** Of lists the issuer's name and signature; of responses the responder's certificate too, whatever it is for. */
const pki: RevocationLibrary = {
  name: 'pkijs',
  checkCrl({ pki, crl }) {
    const issuerCertificate = pkijs.Certificate.fromBER(pki.intermediate.certificate);
    const certificate = pkijs.Certificate.fromBER(pki.server.certificate);
    return async () => {
      const list = pkijs.CertificateRevocationList.fromBER(crl);
      return (await list.verify({ issuerCertificate })) && !list.isCertificateRevoked(certificate);
    };
  },
  checkOcsp({ pki, response }) {
    const issuer = pkijs.Certificate.fromBER(pki.intermediate.certificate);
    const certificate = pkijs.Certificate.fromBER(pki.server.certificate);
    return async () => {
      const { responseBytes } = pkijs.OCSPResponse.fromBER(response);
      const basic = pkijs.BasicOCSPResponse.fromBER(responseBytes!.response.valueBlock.valueHexView);
      const isSigned = await basic.verify({ trustedCerts: [issuer] });
      const { isForCertificate, status } = await basic.getCertificateStatus(certificate, issuer);
      return isSigned && isForCertificate && status === 0;
    };
  },
};

export const revocationLibraries: readonly RevocationLibrary[] = [
  sealwire(nodeProvider),
  sealwire(nobleProvider),
  nodeTls,
  peculiarX509,
  pki,
  { name: 'node:crypto' },
  { name: 'node-forge' },
];

const dayMs = 86_400_000;
