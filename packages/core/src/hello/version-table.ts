import type { VersionModule } from '../machine/step.ts';
import type { ProtocolVersion } from '../registry/versions.ts';

/** All versions that the configured modules speak, highest first. */
export function configuredVersions(modules: readonly VersionModule[]): ProtocolVersion[] {
  return modules.flatMap((module) => module.versions).sort((a, b) => b - a);
}

/** The module that speaks `version`, if one is configured. */
export function moduleOf(modules: readonly VersionModule[], version: number): VersionModule | undefined {
  return modules.find((module) => module.versions.some((each) => each === version));
}
