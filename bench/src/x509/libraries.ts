import 'reflect-metadata';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import {
  TrustAnchors,
  createVerifier,
  encodePem,
  parseCertificate,
  type TestPki,
  verifyChain,
} from '@sealwire/x509';
import type { CryptoProvider } from '@sealwire/core';
import * as peculiar from '@peculiar/x509';
import forge from 'node-forge';
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** What a library does; `undefined`: it cannot. Results of the operations prove that something was done. */
export interface Library {
  readonly name: string;
  /** Reads all, one after the other. */
  parse(ders: readonly Uint8Array[]): unknown;
  /** Reads three certificates and verifies them at that time, everything anew; true if they are good. */
  readonly verify?: ((pki: TestPki, nowMs: number) => Promise<boolean> | boolean) | undefined;
  /** The same for somebody whom we meet often: what may be kept is kept. */
  readonly verifyAgain?: ((pki: TestPki, nowMs: number) => () => Promise<boolean> | boolean) | undefined;
  /** Makes a set of trust anchors that can be asked. */
  readonly loadRoots?: ((ders: readonly Uint8Array[]) => unknown) | undefined;
}

const host = 'localhost';

export const nodeCrypto: Library = {
  name: 'node:crypto',
  parse: (ders) => ders.map((der) => new X509Certificate(der)),
  verify: (pki, nowMs) => checkWithNode(readWithNode(pki), nowMs),
  verifyAgain(pki, nowMs) {
    const chain = readWithNode(pki);
    return () => checkWithNode(chain, nowMs);
  },
  loadRoots: (ders) => createSecureContext({ ca: ders.map((der) => encodePem('CERTIFICATE', der)) }),
};

/** It builds no chains: issuers, signatures, dates and the name, and nothing of RFC 5280 §6 beyond. */
function checkWithNode([leaf, intermediate, root]: readonly X509Certificate[], nowMs: number): boolean {
  const chain = [leaf!, intermediate!, root!];
  return (
    chain.every((each) => Date.parse(each.validFrom) <= nowMs && nowMs <= Date.parse(each.validTo)) &&
    leaf!.checkIssued(intermediate!) &&
    intermediate!.checkIssued(root!) &&
    leaf!.verify(intermediate!.publicKey) &&
    intermediate!.verify(root!.publicKey) &&
    leaf!.checkHost(host) !== undefined
  );
}

function readWithNode({ server, root }: TestPki): X509Certificate[] {
  return [...server.chain, root.certificate].map((der) => new X509Certificate(der));
}

function sealwire(provider: CryptoProvider): Library {
  return {
    name: `Sealwire, ${provider.name}`,
    parse: (ders) => ders.map((der) => parseCertificate(der)),
    verify({ server: { chain }, root }, timeMs) {
      const roots = new TrustAnchors([root.certificate]);
      return verifyChain({ provider, chain, roots, timeMs, hostName: host, keyUse: 'sign' }).ok;
    },
    verifyAgain({ server, root }, nowMs) {
      const verifier = createVerifier({ provider, roots: root.certificate });
      const ask = {
        cause: 'handshake',
        evidence: { type: 'x509', chain: server.chain.map((certificate) => ({ certificate })) },
        expectedName: host,
        purpose: 'serverAuth',
        keyUse: 'sign',
        receivedAtMs: nowMs,
      } as const;
      return () => verifier(ask).ok;
    },
    loadRoots(ders) {
      const anchors = new TrustAnchors(ders);
      return anchors.bySubject(parseCertificate(ders[0]!).subject.comparisonKey).length;
    },
  };
}

export const sealwireNode = sealwire(nodeProvider);
export const sealwireNoble = sealwire(nobleProvider);

/** With all extensions that we know read at once, where others wait until they are asked for. */
export const sealwireEager: Library = {
  name: 'Sealwire, everything read',
  parse: (ders) => ders.map((der) => parseCertificate(der).readEverything()),
};

export const peculiarX509: Library = {
  name: '@peculiar/x509',
  parse: (ders) => ders.map((der) => new peculiar.X509Certificate(der)),
  async verify({ server, root }, nowMs) {
    const [leaf, intermediate, anchor] = [...server.chain, root.certificate].map(
      (der) => new peculiar.X509Certificate(der),
    );
    const builder = new peculiar.X509ChainBuilder({ certificates: [intermediate!, anchor!] });
    const chain = await builder.build(leaf!, globalThis.crypto);
    const date = new Date(nowMs);
    const good = await Promise.all(
      chain.map((each, i) =>
        each.verify({ publicKey: (chain[i + 1] ?? each).publicKey, date }, globalThis.crypto),
      ),
    );
    return chain.length === 3 && good.every(Boolean);
  },
};

/** RSA alone. */
export const nodeForge: Library = {
  name: 'node-forge',
  parse: (ders) => ders.map((der) => forgeCertificate(der)),
  verify({ server, root }, nowMs) {
    const store = forge.pki.createCaStore([forgeCertificate(root.certificate)]);
    const validityCheckDate = new Date(nowMs);
    return forge.pki.verifyCertificateChain(store, server.chain.map(forgeCertificate), { validityCheckDate });
  },
  loadRoots: (ders) => forge.pki.createCaStore(ders.map(forgeCertificate)),
};

function forgeCertificate(der: Uint8Array): forge.pki.Certificate {
  const bytes = forge.util.createBuffer(Buffer.from(der).toString('latin1'));
  return forge.pki.certificateFromAsn1(forge.asn1.fromDer(bytes));
}
