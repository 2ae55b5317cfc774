import { verifyChain } from '@sealwire/x509';
import type { Action } from '../../command.ts';
import { timeText } from '../../text/units.ts';
import { Lines } from '../../text/lines.ts';
import { jsonReport } from '../../text/report.ts';
import { provider } from '../../tls/provider.ts';
import { refusalProblem, subjectsOf } from '../../tls/refusal.ts';
import { certificatesIn, revocationOf, rootsOf } from '../../tls/trust.ts';
import type { verifyOptions } from './options.ts';

export const verify: Action<typeof verifyOptions> = async (values, [path = '-'], host) => {
  const chain = await certificatesIn(path, host);
  for (const file of values.untrusted ?? []) chain.push(...(await certificatesIn(file, host)));
  const { purpose = 'serverAuth', time = Date.now(), host: hostName } = values;
  const revocation = await revocationOf(values, host);
  const outcome = verifyChain({
    provider,
    chain,
    roots: await rootsOf(values, host),
    timeMs: time,
    purpose,
    ...(hostName === undefined ? {} : { hostName }),
    ...(revocation === undefined ? {} : { revocation }),
  });
  if (!outcome.ok) throw refusalProblem(outcome, subjectsOf(chain));
  const subjects = outcome.chain.map(({ subject }) => String(subject));
  if (values.json) {
    const result = { chain: subjects, time: new Date(time).toISOString(), purpose, host: hostName };
    host.stdout.write(jsonReport({ command: 'cert verify', result }));
    return 'ok';
  }
  const out = new Lines(host.stdout);
  out.line(
    `${path}: trusted at ${timeText(time)}, for ${purpose}${hostName === undefined ? '' : ` at ${hostName}`}`,
  );
  for (const [depth, { subject, notAfterMs }] of outcome.chain.entries())
    out.line(`  ${depth} ${subject} (until ${timeText(notAfterMs)})`);
  if (outcome.anchor.certificate === undefined) out.line(`  trusted: ${outcome.anchor.subject}`);
  return 'ok';
};
