import { crowdCases } from './transport-crowds.ts';
import { dataCases } from './transport-data.ts';
import { decisionCases, lateDecisionCases } from './transport-decisions.ts';
import { endingCases } from './transport-endings.ts';
import { handshakeCases } from './transport-handshakes.ts';
import { limitCases } from './transport-limits.ts';
import { listenerCases } from './transport-listeners.ts';
import { upgradeCases } from './transport-upgrades.ts';
import type { TransportCase, TransportContractOptions, TransportUnderTest } from './transport-under-test.ts';

/**
 * Everything that a transport promises, as cases that any runner can run: data whole and in order, half-close,
 * truncation, back-pressure, broken handshakes, refusals. Each case has a limit of time for each thing it waits
 * for.
 */
export function transportContract(
  transport: TransportUnderTest,
  options: TransportContractOptions = {},
): TransportCase[] {
  const { profile = 'default', patienceMs = 30_000 } = options;
  return [
    ...dataCases(transport),
    ...endingCases(transport),
    ...handshakeCases(transport, profile),
    ...decisionCases(transport),
    ...lateDecisionCases(transport),
    ...limitCases(transport),
    ...upgradeCases(transport),
    ...listenerCases(transport),
    ...crowdCases(transport, profile, patienceMs),
  ];
}
