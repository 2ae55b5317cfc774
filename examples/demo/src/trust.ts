import type { TlsStream } from '@sealwire/node-transport';
import {
  type PathRefusal,
  type PeerVerdict,
  checkHostName,
  keyPurposeIds,
  parseCertificate,
  parseOcspResponse,
  signatureAlgorithmOf,
} from '@sealwire/x509';
import type { Style } from './style.ts';

/** What our client made of two servers with the same chain. Plain data. */
export interface TrustFacts {
  readonly trusted: {
    /** Subjects, the server's first; the last is the root that we trust. */
    readonly path: readonly string[];
    /** Of each certificate below the root. */
    readonly signatures: readonly string[];
    /** When all of them are valid. */
    readonly validFrom: string;
    readonly validUntil: string;
    readonly isForServers: boolean;
    readonly isForLocalhost: boolean;
    /** What the stapled OCSP response says. */
    readonly revocation: RevocationFacts | undefined;
  };
  readonly refused: {
    readonly code: string;
    readonly message: string;
    /** What the server was told. */
    readonly alert: string | undefined;
    /** Every way up that was tried, and where it ended. */
    readonly paths: readonly {
      readonly path: readonly string[];
      readonly code: string;
      readonly message: string;
    }[];
  };
}

interface RevocationFacts {
  readonly status: string;
  readonly thisUpdate: string;
  readonly nextUpdate: string | undefined;
}

export function trustFacts(
  connection: TlsStream,
  refusal: PathRefusal,
  alert: string | undefined,
): TrustFacts {
  const verdict = connection.facts.peerVerdict as PeerVerdict;
  const chain = verdict.chain.map(parseCertificate);
  const server = chain[0]!;
  return {
    trusted: {
      path: chain.map(({ subject }) => String(subject)),
      signatures: chain.slice(0, -1).map(({ signatureAlgorithm }) => {
        const algorithm = signatureAlgorithmOf(signatureAlgorithm);
        return algorithm === undefined ? 'unknown' : Object.values(algorithm).join(' ');
      }),
      validFrom: iso(Math.max(...chain.map(({ notBeforeMs }) => notBeforeMs))),
      validUntil: iso(Math.min(...chain.map(({ notAfterMs }) => notAfterMs))),
      isForServers: server.extendedKeyUsage?.includes(keyPurposeIds.serverAuth) ?? true,
      isForLocalhost: checkHostName(server, 'localhost') === undefined,
      revocation: verdict.stapled?.map(({ ocspResponse }) => revocationFacts(ocspResponse))[0],
    },
    refused: {
      code: refusal.code,
      message: refusal.message,
      alert,
      paths: refusal.explanation.map(({ subjects, problem: { code, message } }) => ({
        path: subjects,
        code,
        message,
      })),
    },
  };
}

function revocationFacts(der: Uint8Array): RevocationFacts | undefined {
  const response = parseOcspResponse(der);
  const [answer] = response.status === 'successful' ? response.basic.responses : [];
  if (answer === undefined) return undefined;
  const { status, thisUpdateMs, nextUpdateMs } = answer;
  return {
    status: status.type,
    thisUpdate: iso(thisUpdateMs),
    nextUpdate: nextUpdateMs === undefined ? undefined : iso(nextUpdateMs),
  };
}

export function trustLines({ trusted, refused }: TrustFacts, style: Style): string[] {
  const { path, signatures, validFrom, validUntil, isForServers, isForLocalhost, revocation } = trusted;
  const may = [...(isForServers ? ['servers'] : []), ...(isForLocalhost ? ['localhost'] : [])].join(', ');
  const rows: [string, string][] = [
    ['why trusted', upwards(path)],
    ['', 'the last of them is a root of ours, each other is signed by the next'],
    ['', `${signatures.join(', ')} · ${validFrom.slice(0, 10)} to ${validUntil.slice(0, 10)} · for ${may}`],
    [
      'revocation',
      revocation === undefined
        ? 'nothing was stapled'
        : `${revocation.status}, says the stapled OCSP response, ${[revocation.thisUpdate, revocation.nextUpdate].map((date) => date?.slice(0, 10) ?? 'open').join(' to ')}`,
    ],
    ['why refused', `with a response that says otherwise: ${refused.code}, alert ${refused.alert}`],
    ...refused.paths.flatMap(({ path, code, message }): [string, string][] => [
      ['', upwards(path)],
      ['', `  ${style('red', code)}: ${message}`],
    ]),
  ];
  return rows.map(([name, value]) => `  ${style('dim', name.padEnd(12))} ${value}`);
}

const upwards = (path: readonly string[]): string => path.join(' ← ');
const iso = (ms: number): string => new Date(ms).toISOString();
