import type { DistinguishedName, NameAttribute } from '../names/distinguished-name.ts';
import { type NodeRelease, shortName } from './object-names.ts';
import { bytesAsCharacters, charactersOf, dump, escapeValue } from './strings.ts';

/** An object of a name: `{ C: 'CH', O: ['One', 'Two'], CN: 'example.org' }`, without prototype. */
export interface LegacyName {
  [type: string]: string | string[];
}

/** `X509Certificate.subject`: a line for each relative name, ` + ` between its attributes; `undefined` for an empty name. */
export function multilineName(name: DistinguishedName, release: NodeRelease): string | undefined {
  if (name.isEmpty) return undefined;
  const value = ({ tag, value: content }: NameAttribute): string =>
    escapeValue(charactersOf(tag, content) ?? bytesAsCharacters(tag, content), { control: true });
  return name.relativeNames
    .map((relative) => relative.map((each) => `${keyOf(each, release)}=${value(each)}`).join(' + '))
    .join('\n');
}

/**
 * A directory name inside `subjectAltName`: RFC 4514, last first, values of unknown types and what is no character string
 * dumped, control characters as they are, for they are escaped with the whole.
 */
export function directoryNameText(name: DistinguishedName, release: NodeRelease): string {
  const value = ({ type, tag, value: content }: NameAttribute): string => {
    const text = shortName(type, release) === undefined ? undefined : charactersOf(tag, content);
    return text === undefined ? dump(tag, content) : escapeValue(text, { control: false });
  };
  return [...name.relativeNames]
    .reverse()
    .map((relative) =>
      [...relative]
        .reverse()
        .map((each) => `${keyOf(each, release)}=${value(each)}`)
        .join('+'),
    )
    .join(',');
}

/**
 * `subject` and `issuer` of a legacy object: by short name, in the order of the certificate; a type that comes again has a list.
 *
 * A value that is no character string: Node 20 leaves the whole name out (`undefined`), Node 22 the attribute, and newer ones put
 * an empty text under an empty name.
 */
export function legacyName(name: DistinguishedName, release: NodeRelease): LegacyName | undefined {
  const object: LegacyName = Object.create(null) as LegacyName;
  for (const attribute of name.relativeNames.flat()) {
    const characters = charactersOf(attribute.tag, attribute.value);
    if (characters === undefined && release === 20) return undefined;
    if (characters === undefined && release === 22) continue;
    const [key, text] = characters === undefined ? ['', ''] : [keyOf(attribute, release), characters];
    const known = object[key];
    if (known === undefined) object[key] = text;
    else if (typeof known === 'string') object[key] = [known, text];
    else known.push(text);
  }
  return object;
}

/** Buffers of 80 bytes hold an identifier without a name. */
function keyOf({ type }: NameAttribute, release: NodeRelease): string {
  return shortName(type, release) ?? type.slice(0, 79);
}
