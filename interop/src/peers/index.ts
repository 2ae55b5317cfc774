import { chromium } from './chromium.ts';
import { curl } from './curl.ts';
import { gnutls } from './gnutls.ts';
import { newNode, ownNode } from './node-tls.ts';
import { nss } from './nss.ts';
import { openssl } from './openssl.ts';
import { go } from './go.ts';
import { rust } from './rust.ts';
import type { Peer } from './peer.ts';

/** All peers, in the order of the tables. */
export const peers: readonly Peer[] = [openssl, gnutls, nss, ownNode, newNode, go, rust, curl, chromium];
