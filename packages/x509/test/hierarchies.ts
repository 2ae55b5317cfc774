import fc from 'fast-check';
import type { Issued } from '../src/index.ts';
import { authority, type Contents, issue, newKey, nowMs, withKey } from './authority.ts';
import { oid, sequence, tlv } from './der.ts';

/** Random hierarchies of certificates, with something changed in some of them. */

export interface Plan {
  /** CAs between the root and the end entity. */
  readonly intermediates: number;
  /** Changes, and whom they concern: 0 is the root, the highest number the end entity; beyond that it begins anew. */
  readonly edits: readonly (readonly [name: EditName, at: number])[];
  readonly isReversed: boolean;
  readonly sendsRoot: boolean;
  /** Which intermediate is left out; beyond their number: none. */
  readonly missing: number;
  /** A second root of the same name. */
  readonly hasTwin: boolean;
}

export interface Hierarchy {
  readonly roots: readonly Issued[];
  /** From the top downwards. */
  readonly path: readonly Issued[];
  /** As they are sent, without the end entity. */
  readonly sent: readonly Issued[];
  readonly leaf: Issued;
}

const extension = (id: string, value: Uint8Array, critical = false): Contents => ({
  extensions: [{ id, critical, value }],
});

/** What a certificate says instead. */
const edits = {
  expired: { notAfterMs: Date.UTC(2026, 1) },
  future: { notBeforeMs: Date.UTC(2026, 11) },
  lastSecond: { notAfterMs: nowMs },
  noCa: { ca: false, keyUsage: ['keyCertSign'] },
  noCertSign: { keyUsage: ['digitalSignature'] },
  noKeyUsage: { keyUsage: [] },
  onlyDataEncipherment: { keyUsage: ['dataEncipherment', 'keyCertSign'] },
  pathLength0: { ca: { pathLength: 0 } },
  pathLength1: { ca: { pathLength: 1 } },
  server: { extendedKeyUsage: ['serverAuth'] },
  client: { extendedKeyUsage: ['clientAuth'] },
  anyPurpose: { extendedKeyUsage: ['any'] },
  unknownCritical: extension('1.2.3.4', Uint8Array.of(5, 0), true),
  unknown: extension('1.2.3.4', Uint8Array.of(5, 0)),
  permits: { nameConstraints: { permitted: { dnsNames: ['example'] } } },
  permitsOthers: { nameConstraints: { permitted: { dnsNames: ['b.example'] } } },
  excludes: { nameConstraints: { excluded: { dnsNames: ['a.example'] } } },
  excludesOthers: { nameConstraints: { excluded: { dnsNames: ['b.example'] } } },
  permitsDirectory: { nameConstraints: { permitted: { directoryNames: [{ CN: 'leaf' }] } } },
  otherKeyIdentifier: extension('2.5.29.35', sequence(tlv(0x80, [1, 2, 3]))),
  otherSubjectKeyIdentifier: extension('2.5.29.14', tlv(0x04, [1, 2, 3])),
  policies: extension('2.5.29.32', sequence(sequence(oid('1.2.3'))), true),
  requiresPolicy: extension('2.5.29.36', sequence(tlv(0x80, [0])), true),
  // Handled below, for they concern two certificates.
  forged: {},
  sameName: {},
  otherIssuerName: {},
} as const satisfies Record<string, Contents>;

export type EditName = keyof typeof edits;

const editNames = Object.keys(edits) as EditName[];

export const plans: fc.Arbitrary<Plan> = fc.record({
  intermediates: fc.nat(3),
  edits: fc.array(fc.tuple(fc.constantFrom(...editNames), fc.nat(4)), { maxLength: 2 }),
  isReversed: fc.boolean(),
  sendsRoot: fc.boolean(),
  missing: fc.nat(12),
  hasTwin: fc.boolean(),
});

// Making keys takes longer than all the rest.
const keys = Array.from({ length: 6 }, () => newKey());

export function grow(plan: Plan): Hierarchy {
  const length = plan.intermediates + 2;
  const path: Issued[] = [];
  for (let i = 0; i < length; i++) {
    const names = plan.edits.filter(([, at]) => at % length === i).map(([name]) => name);
    const isLeaf = i === length - 1;
    const above = path[i - 1];
    const usual: Contents = { key: keys[i]!, ...(isLeaf ? { dnsNames: ['a.example'] } : {}) };
    const changes: readonly Contents[] = names.map((name) => edits[name]);
    const contents: Contents = Object.assign({}, usual, ...changes);
    const issuer = above === undefined ? undefined : issuerOf(above, names, i);
    const own = { ...contents, ...(issuer === undefined ? {} : { issuer }) };
    // Also a root may sign itself with another key's word: nobody looks.
    const name = names.includes('sameName') && i > 0 ? nameAt(i - 1, isLeaf) : nameAt(i, isLeaf);
    path.push(isLeaf ? issue(name, own) : authority(name, own));
  }
  const [root, leaf] = [path[0]!, path[length - 1]!];
  const between = path.slice(1, -1).filter((_, i) => i !== plan.missing);
  const sent = [...(plan.sendsRoot ? [root] : []), ...between];
  return {
    roots: plan.hasTwin ? [authority(nameAt(0, false)), root] : [root],
    path,
    sent: plan.isReversed ? sent : sent.toReversed(),
    leaf,
  };
}

function issuerOf(above: Issued, names: readonly EditName[], i: number): Issued {
  if (names.includes('forged')) return withKey(above, keys[(i + 1) % keys.length]!);
  if (!names.includes('otherIssuerName')) return above;
  return withKey(authority('somebody else', { key: above.key }), above.key);
}

function nameAt(i: number, isLeaf: boolean): string {
  return isLeaf ? 'leaf' : i === 0 ? 'root' : `ca ${i}`;
}
