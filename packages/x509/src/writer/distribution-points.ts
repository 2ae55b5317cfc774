import { ApiMisuseError } from '@sealwire/core';
import { compareBytes } from '../der/bytes.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { derElement } from '../der/write.ts';
import { extensionIds } from '../extensions/registry.ts';
import { toDer } from './asn1.ts';
import type { ExtensionInput } from './extensions.ts';
import { asciiBytes } from './text.ts';
import { type NameInput, writeName } from './name.ts';

/** Names of a distribution point: URIs, directory names, or one name below that of the CRL's issuer (RFC 5280 §4.2.1.13). */
export interface DistributionPointNames {
  readonly uris?: readonly string[];
  readonly directoryNames?: readonly (NameInput | Uint8Array)[];
  /** Instead of the others: `nameRelativeToCRLIssuer`, all attributes in one set. */
  readonly relativeName?: NameInput;
}

/** Why a certificate can be revoked, as bits of ReasonFlags name it. */
export type ReasonFlag = (typeof reasonFlags)[number];

/** A distribution point to write into a certificate (RFC 5280 §4.2.1.13). */
export interface DistributionPointInput extends DistributionPointNames {
  readonly reasons?: readonly ReasonFlag[];
  /** Names of the issuer of the CRL, as attributes or as DER, where it is not the certificate's. */
  readonly crlIssuer?: readonly (NameInput | Uint8Array)[];
}

/** The scope to write into a CRL (RFC 5280 §5.2.5). */
export interface IssuingDistributionPointInput extends DistributionPointNames {
  readonly onlyContains?: 'userCerts' | 'caCerts' | 'attributeCerts';
  readonly onlySomeReasons?: readonly ReasonFlag[];
  readonly indirectCrl?: boolean;
}

/** The extension cRLDistributionPoints, for `makeCertificate`: an address stands for a point with that one name. */
export function crlDistributionPoints(points: readonly (string | DistributionPointInput)[]): ExtensionInput {
  if (points.length === 0) throw new ApiMisuseError('expected at least one distribution point, got none');
  const written = points.map((given) => {
    const point: DistributionPointInput = typeof given === 'string' ? { uris: [given] } : given;
    const name = pointName(point);
    if (name.length === 0 && (point.crlIssuer ?? []).length === 0)
      throw new ApiMisuseError('expected a distribution point with a name or an issuer of CRLs');
    return derElement(
      tags.sequence,
      ...name,
      ...(point.reasons === undefined ? [] : [reasons(1, point.reasons)]),
      ...(point.crlIssuer === undefined
        ? []
        : [derElement(contextTag.constructed(2), ...point.crlIssuer.map(directoryName))]),
    );
  });
  return { id: extensionIds.crlDistributionPoints, value: derElement(tags.sequence, ...written) };
}

export function issuingDistributionPoint(scope: IssuingDistributionPointInput): ExtensionInput {
  const flag = (number: number, isSet: boolean): Uint8Array[] =>
    isSet ? [derElement(contextTag.primitive(number), Uint8Array.of(0xff))] : [];
  const fields = [
    ...pointName(scope),
    ...flag(1, scope.onlyContains === 'userCerts'),
    ...flag(2, scope.onlyContains === 'caCerts'),
    ...(scope.onlySomeReasons === undefined ? [] : [reasons(3, scope.onlySomeReasons)]),
    ...flag(4, scope.indirectCrl === true),
    ...flag(5, scope.onlyContains === 'attributeCerts'),
  ];
  if (fields.length === 0) throw new ApiMisuseError('expected a scope with at least one field');
  const value = derElement(tags.sequence, ...fields);
  return { id: extensionIds.issuingDistributionPoint, critical: true, value };
}

function pointName({ uris = [], directoryNames = [], relativeName }: DistributionPointNames): Uint8Array[] {
  if (relativeName !== undefined) {
    const attributes = Object.entries(relativeName).map(([key, value]) => {
      const name = new DerReader(toDer(writeName({ [key]: value })), 'Name');
      return name.enter(tags.sequence, 'Name').content(tags.set, 'attributes');
    });
    return [
      derElement(
        contextTag.constructed(0),
        derElement(contextTag.constructed(1), ...attributes.sort(compareBytes)),
      ),
    ];
  }
  const names = [
    ...uris.map((uri) => derElement(contextTag.primitive(6), asciiBytes(uri))),
    ...directoryNames.map(directoryName),
  ];
  if (names.length === 0) return [];
  return [derElement(contextTag.constructed(0), derElement(contextTag.constructed(0), ...names))];
}

export function directoryName(name: NameInput | Uint8Array): Uint8Array {
  return derElement(
    contextTag.constructed(4),
    name instanceof Uint8Array ? name : toDer(writeName(name as NameInput)),
  );
}

/** X.690 §11.2.2: without zero bits at the end. */
function reasons(number: number, names: readonly ReasonFlag[]): Uint8Array {
  const bits = new Uint8Array(2);
  let last = -1;
  for (const name of names) {
    const bit = reasonFlags.indexOf(name);
    if (bit < 1) throw new ApiMisuseError(`expected one of ${reasonFlags.slice(1).join(', ')}, got ${name}`);
    bits[bit >> 3]! |= 0x80 >> (bit & 7);
    last = Math.max(last, bit);
  }
  const octets = bits.subarray(0, (last >> 3) + 1);
  const unused = last < 0 ? 0 : 7 - (last & 7);
  return derElement(contextTag.primitive(number), Uint8Array.of(unused), octets);
}

const reasonFlags = [
  'unused',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
