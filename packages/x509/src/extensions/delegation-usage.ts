import { type DerReader, tags } from '../der/reader.ts';

/**
 * RFC 9345 §4.2: the certificate's key may sign delegated credentials.
 *
 *     DelegationUsage ::= NULL
 */
export function readDelegationUsage(value: DerReader): true {
  const content = value.content(tags.null, 'DelegationUsage');
  value.finish();
  if (content.length > 0) throw value.error('certificate.badExtension', 'expected NULL without content');
  return true;
}
