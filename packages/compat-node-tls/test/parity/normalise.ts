/**
 * What may differ between two runs that are the same, or between OpenSSL and us: nothing else is left out of a comparison. Each
 * with the reason.
 */
const rules: readonly { readonly why: string; readonly from: RegExp; readonly to: string }[] = [
  {
    why: 'the thread, the function, the source file and the line of OpenSSL',
    from: /[0-9A-F]{8,16}:error:([0-9A-F]{8}):([^:]*):[^:]*:([^:]*):[^:]*:\d+:/g,
    to: 'error:$1:$2::$3:',
  },
  { why: 'ports are drawn', from: /\b(port["=: ]+)\d{4,5}\b/g, to: '$1PORT' },
  { why: 'ports are drawn', from: /(127\.0\.0\.1|::1|localhost):\d{4,5}\b/g, to: '$1:PORT' },
];

export function normalised(text: string): string {
  return rules.reduce((result, { from, to }) => result.replace(from, to), text);
}
