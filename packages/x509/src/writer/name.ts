import * as asn1 from 'asn1js';
import { ApiMisuseError } from '@sealwire/core';
import { attributeTypes } from '../names/distinguished-name.ts';
import { objectIdentifier, sequence, set } from './asn1.ts';
import { requireObjectIdentifier } from './text.ts';

/**
 * A name as its attributes, most significant first: `{ C: 'CH', O: 'Example', CN: 'example.org' }`. Keys are
 * short names or object identifiers; a list stands for several attributes of one type.
 */
export type NameInput = Readonly<Record<string, string | readonly string[]>>;

/** RFC 5280 §4.1.2.4: UTF8String, but PrintableString for countries and serial numbers, IA5String for DC and e-mail. */
export function writeName(name: NameInput): asn1.Sequence {
  if (typeof name !== 'object' || name === null)
    throw new ApiMisuseError(
      `expected a name as its attributes, such as { CN: 'example.org' }, got ${typeof name}`,
    );
  const relativeNames: asn1.AsnType[] = [];
  for (const [key, given] of Object.entries(name)) {
    const type = key in attributeTypes ? attributeTypes[key as keyof typeof attributeTypes] : key;
    requireObjectIdentifier(type, `${Object.keys(attributeTypes).join(', ')} or an object identifier`);
    for (const value of Array.isArray(given) ? given : [given]) {
      relativeNames.push(set([sequence([objectIdentifier(type), text(type, value)])]));
    }
  }
  return sequence(relativeNames);
}

function text(type: string, value: string): asn1.AsnType {
  if (typeof value !== 'string') throw new ApiMisuseError(`expected text, got ${typeof value}`);
  if (value === '') throw new ApiMisuseError('expected the value of an attribute, got an empty text');
  const isPrintable = type === attributeTypes.C || type === attributeTypes.serialNumber;
  const isIa5 = type === attributeTypes.DC || type === attributeTypes.emailAddress;
  // Appendix B: neither the at sign nor the underscore is printable.
  if ((isPrintable && !/^[A-Za-z0-9 '()+,./:=?-]*$/.test(value)) || (isIa5 && !/^[\x20-\x7e]*$/.test(value)))
    throw new ApiMisuseError(
      `expected characters of ${isPrintable ? 'PrintableString' : 'ASCII'}, got ${JSON.stringify(value)}`,
    );
  if (isPrintable) return new asn1.PrintableString({ value });
  if (isIa5) return new asn1.IA5String({ value });
  return new asn1.Utf8String({ value });
}
