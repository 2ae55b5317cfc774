/** A certificate as native code gave it: `infoAccess` is text of lines, one for each place. */
interface Untranslated {
  infoAccess?: unknown;
  issuerCertificate?: Untranslated | null;
}

/** `_tls_common.translatePeerCertificate`: makes lists of the lines of `infoAccess`, here and of the issuers. */
export function translatePeerCertificate(certificate: Untranslated | null | undefined): object | null {
  if (!certificate) return null;
  const { issuerCertificate: issuer, infoAccess } = certificate;
  if (issuer != null && issuer !== certificate)
    certificate.issuerCertificate = translatePeerCertificate(issuer) as Untranslated;
  if (typeof infoAccess === 'string') certificate.infoAccess = placesOf(infoAccess);
  return certificate;
}

function placesOf(text: string): Record<string, string[]> {
  const places = Object.create(null) as Record<string, string[]>;
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at < 0) continue;
    const value = line.slice(at + 1);
    (places[line.slice(0, at)] ??= []).push(value.startsWith('"') ? (JSON.parse(value) as string) : value);
  }
  return places;
}
