import type { Scenario } from '../scenario.ts';
import { dataScenarios } from './data.ts';
import { trustScenarios } from './trust.ts';

export const scenarios: readonly Scenario[] = [...dataScenarios, ...trustScenarios];
