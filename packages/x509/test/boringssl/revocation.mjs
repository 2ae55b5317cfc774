import { nodeProvider } from '@sealwire/crypto-node';
import { checkOcspResponse, checkRevocation, makeOcspRequest, parseCertificate } from '@sealwire/x509';

/** Keys and hashes of the time when these files were made. */
const policy = { signatureHashes: ['sha1', 'sha256', 'sha384', 'sha512'], minRsaBits: 1024 };
const verdicts = { GOOD: 'good', REVOKED: 'revoked', UNKNOWN: 'unknown' };

/** CRLs, OCSP responses, and requests, which come out the same to the last octet. */
export function revocation({ blocks, compare, list, source }) {
  for (const file of list('crl_unittest', '.pem')) {
    const parts = blocks(file);
    const chain = ['CERTIFICATE', 'CA CERTIFICATE', 'CA CERTIFICATE 2']
      .filter((label) => parts.has(label))
      .map((label) => parseCertificate(parts.get(label)));
    // With one certificate of the CA it is the anchor; a second has certified it or is its other key.
    const wrong = checkRevocation(
      chain,
      { crls: parts.get('CRL'), maxAgeSeconds: 7 * 86_400, clockSkewSeconds: 0, certificates: 'endEntity' },
      { timeMs: Date.UTC(2017, 2, 9), provider: nodeProvider, policy },
    );
    const got = wrong === undefined ? 'good' : wrong.code === 'CERT_REVOKED' ? 'revoked' : 'unknown';
    const expected = /\/(good|revoked)/.exec(file)?.[1] ?? 'unknown';
    compare(file, expected, got, wrong === undefined ? 'ok' : `${wrong.code}: ${wrong.message}`);
  }

  const table = source('ocsp_unittest.cc');
  for (const [, file, verdict] of table.matchAll(/\{"(\w+\.pem)",\s*OCSPRevocationStatus::(\w+)/g)) {
    const parts = blocks(`ocsp_unittest/${file}`);
    const [certificate, issuer] = [parts.get('CERTIFICATE'), parts.get('CA CERTIFICATE')];
    const ask = (make) => {
      try {
        return make();
      } catch (error) {
        return { status: 'unknown', code: error.code, message: error.message };
      }
    };
    const outcome = ask(() =>
      checkOcspResponse({
        provider: nodeProvider,
        response: parts.get('OCSP RESPONSE'),
        certificate,
        issuer,
        timeMs: 1_488_672_000_000,
        maxAgeSeconds: 7 * 86_400,
        clockSkewSeconds: 0,
        policy,
      }),
    );
    const detail = outcome.status === 'good' ? 'ok' : `${outcome.code}: ${outcome.message}`;
    compare(`ocsp_unittest/${file}`, verdicts[verdict], outcome.status, detail);
    const request = ask(() =>
      makeOcspRequest({ provider: nodeProvider, certificates: [{ certificate, issuer }] }),
    );
    const isSame = request instanceof Uint8Array && Buffer.compare(request, parts.get('OCSP REQUEST')) === 0;
    compare(`request of ocsp_unittest/${file}`, 'same', isSame ? 'same' : 'other', request.message ?? 'DER');
  }
}
