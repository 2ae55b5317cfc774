/** TLS 1.3 as a version module: `createClient({ versions: [tls13], … })` bundles no other version. */
export { tls13 } from './tls13/module.ts';
