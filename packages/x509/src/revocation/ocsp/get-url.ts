import { encodeBase64 } from '../../pem.ts';
import { maxOcspGetCharacters } from '../../limits.ts';

/**
 * The address by which a request goes to a responder with GET, so that caches can answer (RFC 6960 appendix A.1, RFC 9919 §6):
 * the responder's own, a slash, and the request in base64, with `+`, `/` and `=` escaped. `undefined`: it is to be sent with POST,
 * for the whole would be longer than 255 characters, or the address is no plain one of HTTP; it may come from a certificate, so
 * that a strange one throws nothing.
 */
export function ocspGetUrl(responder: string, request: Uint8Array): string | undefined {
  if (!/^https?:\/\/[^/][\w.~:/[\]@!$&'()*+,;=%-]*$/i.test(responder)) return undefined;
  const url = `${responder.replace(/\/+$/, '')}/${encodeURIComponent(encodeBase64(request))}`;
  return url.length > maxOcspGetCharacters ? undefined : url;
}
