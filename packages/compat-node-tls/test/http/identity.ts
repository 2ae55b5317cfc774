import { parityPki } from '../parity/pki.ts';

const { root, server } = parityPki();

/** What a server is made with, and what its clients trust. The certificate is for `localhost`. */
export const serverIdentity: { key: string; cert: string } = server;
export const trusted: { ca: string } = { ca: root };
