import { UsageError } from '../flags/kinds.ts';

/** A list of distinguished names as the runner writes it: DER in hexadecimal, with commas; two words mean none. */
export function derNames(list: string): Uint8Array[] {
  if (list === '<NULL>' || list === '<EMPTY>' || list === '') return [];
  return list.split(',').map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
}

/** Protocol names as ALPN writes them: each behind its length. */
export function protocolNames(list: string): string[] {
  const names: string[] = [];
  for (let at = 0; at < list.length; ) {
    const length = list.charCodeAt(at);
    if (length === 0 || at + 1 + length > list.length)
      throw new UsageError('expected a list of protocol names');
    names.push(list.slice(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return names;
}
