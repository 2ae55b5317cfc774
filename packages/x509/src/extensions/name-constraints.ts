import { type DerReader, contextTag, tags } from '../der/reader.ts';
import { maxGeneralNames } from '../limits.ts';
import { type GeneralName, readGeneralName } from '../names/general-name.ts';

/**
 * RFC 5280 §4.2.1.10:
 *
 *     NameConstraints ::= SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL,
 *                                    excludedSubtrees [1] GeneralSubtrees OPTIONAL }
 *     GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
 *     GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] BaseDistance DEFAULT 0,
 *                                   maximum [1] BaseDistance OPTIONAL }
 *
 * "Within this profile, the minimum and maximum fields are not used with any name forms": either is an error.
 */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

export function readNameConstraints(value: DerReader): NameConstraints {
  const sequence = value.enter(tags.sequence, 'NameConstraints');
  value.finish();
  const permitted = readSubtrees(sequence, contextTag.constructed(0), 'permittedSubtrees');
  const excluded = readSubtrees(sequence, contextTag.constructed(1), 'excludedSubtrees');
  sequence.finish();
  if (permitted.length + excluded.length === 0) {
    throw sequence.error('certificate.badExtension', 'expected permitted or excluded subtrees');
  }
  return { permitted, excluded };
}

function readSubtrees(sequence: DerReader, tag: number, field: string): GeneralName[] {
  if (sequence.nextTag !== tag) return [];
  const list = sequence.enter(tag, field);
  const bases: GeneralName[] = [];
  while (!list.done) {
    if (bases.length === maxGeneralNames) {
      throw list.error('certificate.tooManyNames', `expected at most ${maxGeneralNames} subtrees`);
    }
    const subtree = list.enter(tags.sequence, 'GeneralSubtree');
    bases.push(readGeneralName(subtree, 'base', 'addressAndMask'));
    subtree.finish();
  }
  if (bases.length === 0) throw list.error('certificate.badExtension', 'expected at least one subtree');
  return bases;
}
