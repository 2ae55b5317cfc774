import { isX509Error, parseCertificate, type PathRefusal, verifyCodes } from '@sealwire/x509';
import { Problem } from '../problem.ts';
import { adviceFor } from '../text/advice.ts';

/** A refusal, which names the certificate and the check, for people. */
export function refusalProblem(
  { code, message, depth, explanation }: PathRefusal,
  chain: readonly string[],
): Problem {
  const told = explanation.find(({ problem }) => problem.code === code && problem.depth === depth);
  const subjects = told?.subjects ?? chain;
  const others = explanation.filter((each) => each !== told).slice(0, mostWays);
  return new Problem('verification', code, message, {
    certificate: subjects[depth] ?? subjects.at(-1) ?? chain[depth],
    check: code,
    advice: adviceFor(code),
    lines: others.map(({ subjects, problem }) => `also tried ${subjects.join(' <- ')}: ${problem.message}`),
  });
}

/** Who the certificates are for, as far as they can be read. */
export function subjectsOf(chain: readonly Uint8Array[]): string[] {
  return chain.map((der) => {
    try {
      return String(parseCertificate(der).subject);
    } catch (error) {
      if (isX509Error(error)) return 'a certificate that cannot be read';
      throw error;
    }
  });
}

export function isPathRefusal(cause: unknown): cause is PathRefusal {
  const code = (cause as Partial<PathRefusal> | null | undefined)?.code;
  return code !== undefined && Object.hasOwn(verifyCodes, code);
}

const mostWays = 5;
