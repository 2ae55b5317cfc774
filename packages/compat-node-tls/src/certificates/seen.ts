import { CertificateCache } from '@sealwire/x509';

/** Certificates that were looked at lately: many connections are to the same few servers. */
export const seenCertificates: CertificateCache = new CertificateCache();
