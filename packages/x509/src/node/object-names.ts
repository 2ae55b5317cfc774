import { curvesTable, objectNamesTable } from './object-names-table.ts';

/**
 * Whose look it is, by the major version of Node. From 22 on OpenSSL is 3.5 and knows more objects by name than 3.0; from 24 on
 * a legacy object has all properties in one order, `undefined` where the certificate has nothing for them.
 */
export type NodeRelease = 20 | 22 | 24 | 26;

export const defaultRelease: NodeRelease = 20;

/** The short name of an object identifier, such as `CN`, `prime256v1` or `RSA-SHA256`; `undefined` for an unknown one. */
export function shortName(id: string, release: NodeRelease): string | undefined {
  return entry(id, release)?.split('|')[0];
}

/** The long name, such as `commonName`, `CA Issuers` or `sha256WithRSAEncryption`; often the short one. */
export function longName(id: string, release: NodeRelease): string | undefined {
  return entry(id, release)?.split('|').at(-1);
}

/** What OpenSSL knows of a curve; `undefined` for one that it does not. */
export function curveFacts(
  id: string,
): { readonly orderBits: number; readonly nistName: string | undefined } | undefined {
  const row = Object.hasOwn(curvesTable, id) ? curvesTable[id] : undefined;
  return row === undefined ? undefined : { orderBits: row[0], nistName: row[1] };
}

function entry(id: string, release: NodeRelease): string | undefined {
  const { always, since35 } = (tables ??= readTable());
  return (release === 20 ? undefined : since35.get(id)) ?? always.get(id);
}

let tables:
  | { readonly always: ReadonlyMap<string, string>; readonly since35: ReadonlyMap<string, string> }
  | undefined;

/** Not before it is needed: 1,300 names are read in about half a millisecond. */
function readTable(): NonNullable<typeof tables> {
  const always = new Map<string, string>();
  const since35 = new Map<string, string>();
  for (const line of objectNamesTable.trim().split('\n')) {
    const colon = line.indexOf(': ');
    for (const item of line.slice(colon + 2).split(';')) {
      const [, last, sign, names] = /^(\d+)([=+])(.*)$/.exec(item)!;
      (sign === '+' ? since35 : always).set(`${line.slice(0, colon)}.${last}`, names!);
    }
  }
  return { always, since35 };
}
