import { type TransportProfile, transportContract, type TransportUnderTest } from '@sealwire/testkit';

/** What came of a contract in another runtime, as JSON. */
export interface ContractReport {
  readonly passed: number;
  readonly failed: readonly string[];
  /** How often each reason was given. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** All cases, one after the other. */
export async function runContract(
  transport: TransportUnderTest,
  profile: TransportProfile,
): Promise<ContractReport> {
  const failed: string[] = [];
  const skipped: Record<string, number> = {};
  let passed = 0;
  for (const { name, run } of transportContract(transport, { profile })) {
    try {
      const outcome = await run();
      if (outcome === undefined) passed += 1;
      else skipped[outcome.skipped] = (skipped[outcome.skipped] ?? 0) + 1;
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return { passed, failed, skipped };
}

/** What the programs of this folder are told. */
export interface Task {
  readonly identities: import('../under-test.ts').Identities;
  readonly profile: TransportProfile;
  /** Servers of others on the loopback address, which send back what they get, line by line or as it comes. */
  readonly servers: Readonly<Record<string, number>>;
  /** Another one, with which TLS begins after a dialogue in clear (`starttls.ts`). */
  readonly upgrading: number;
}
