import { ApiMisuseError, type DhParameters } from '@sealwire/core';
import { DerReader, tags } from '../der/reader.ts';
import { readInteger } from '../der/values.ts';
import { derInteger, derSequence, derUnsigned } from '../der/write.ts';
import { X509Error } from '../errors.ts';
import { looksLikeDer } from '../der/looks-like-der.ts';
import { maxDhBytes } from '../limits.ts';
import { parsePem } from '../pem.ts';

/** Numbers of a finite-field group, as `provider.dh` takes them: big-endian, without zeros in front. */
export interface DhParametersFile extends DhParameters {
  /** The order of the subgroup, in files of the X9.42 form. */
  readonly order?: Uint8Array;
  /** How long private values should be, in bits, where a PKCS #3 file says it. */
  readonly privateBits?: number;
}

/**
 * Reads Diffie-Hellman parameters, PEM or DER: PKCS #3 (`DH PARAMETERS`) and X9.42 (`X9.42 DH PARAMETERS`). Whether they make
 * a group that can be trusted is not looked at. Throws `X509Error`.
 *
 *     DHParameter ::= SEQUENCE { prime INTEGER, base INTEGER, privateValueLength INTEGER OPTIONAL }       (PKCS #3 §9)
 *     DomainParameters ::= SEQUENCE { p INTEGER, g INTEGER, q INTEGER, j INTEGER OPTIONAL, validationParms OPTIONAL }  (RFC 3279 §2.3.3)
 */
export function readDhParameters(input: string | Uint8Array): DhParametersFile {
  if (typeof input !== 'string' && !(input instanceof Uint8Array))
    throw new ApiMisuseError(`expected parameters as PEM or DER, got ${typeof input}`);
  if (typeof input !== 'string' && looksLikeDer(input)) return read(input, undefined);
  const block = parsePem(input).find(({ label }) => label === pkcs3Label || label === x942Label);
  if (block === undefined) throw new X509Error('pem.noBlock', 'expected a DH PARAMETERS block of PEM');
  return read(block.der, block.label);
}

/** DER of PKCS #3; for PEM the label is `DH PARAMETERS`. */
export function encodeDhParameters(parameters: DhParametersFile): Uint8Array {
  const { prime, generator, privateBits } = parameters;
  return derSequence(
    derUnsigned(prime),
    derUnsigned(generator),
    ...(privateBits === undefined ? [] : [derInteger(privateBits)]),
  );
}

function read(der: Uint8Array, label: string | undefined): DhParametersFile {
  const reader = new DerReader(der, 'DHParameter');
  const fields = reader.enter(tags.sequence, 'DHParameter');
  reader.finish();
  const prime = readNumber(fields, 'prime');
  const generator = readNumber(fields, 'generator');
  if (fields.done && label !== x942Label) return { prime, generator };
  const third = readNumber(fields, 'third number');
  // A length has a few digits, the order of a subgroup at least 20.
  const isOrder = label === undefined ? third.length > 4 : label === x942Label;
  if (!isOrder) {
    fields.finish();
    if (third.length > 4)
      throw fields.error('container.malformed', 'expected a length in bits', 'privateValueLength');
    return { prime, generator, privateBits: third.reduce((value, octet) => value * 256 + octet, 0) };
  }
  if (fields.nextTag === tags.integer) readNumber(fields, 'j');
  if (fields.nextTag === tags.sequence) fields.element('validationParms');
  fields.finish();
  return { prime, generator, order: third };
}

function readNumber(fields: DerReader, field: string): Uint8Array {
  const octets = readInteger(fields, field);
  if (octets[0]! >= 0x80) throw fields.error('der.badInteger', 'expected no negative number', field);
  if (octets.length > maxDhBytes + 1)
    throw fields.error('container.tooLarge', `expected at most ${maxDhBytes} bytes`, field);
  return Uint8Array.from(octets[0] === 0 ? octets.subarray(1) : octets);
}

const pkcs3Label = 'DH PARAMETERS';
const x942Label = 'X9.42 DH PARAMETERS';
