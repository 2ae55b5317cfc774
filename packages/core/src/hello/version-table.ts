import { InternalError } from '../errors/tls-error.ts';
import type { Effect, VersionModule } from '../machine/step.ts';
import type { ProtocolVersion } from '../registry/versions.ts';

/** All versions that the configured modules speak, highest first. */
export function configuredVersions(modules: readonly VersionModule[]): ProtocolVersion[] {
  const all: ProtocolVersion[] = [];
  let isSorted = true;
  for (const { versions } of modules) {
    for (const version of versions) {
      if (all.length > 0 && all[all.length - 1]! < version) isSorted = false;
      all.push(version);
    }
  }
  // Mostly they are; sorting costs more than all the rest, and each hello asks.
  return isSorted ? all : all.sort((a, b) => b - a);
}

/** The module that speaks `version`, if one is configured. */
export function moduleOf(modules: readonly VersionModule[], version: number): VersionModule | undefined {
  return modules.find((module) => module.versions.some((each) => each === version));
}

/** A side of a module; configurations of that side have no others. */
export function sideOf<S extends 'client' | 'server'>(
  module: VersionModule,
  side: S,
): NonNullable<VersionModule[S]> {
  const { [side]: spoken } = module;
  if (spoken === undefined) throw new InternalError(`a version that has no ${side}`);
  return spoken;
}

/** What follows below the handshake once `version`, one of the module's, is selected. */
export function selected(module: VersionModule, version: ProtocolVersion): Effect {
  return { do: 'selectVersion', recordVersion: module.recordVersion(version), isLegacy: module.isLegacy };
}
