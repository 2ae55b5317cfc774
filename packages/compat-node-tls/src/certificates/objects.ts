import { nodeProvider } from '@sealwire/crypto-node';
import { isX509Error, parseCertificate, type Certificate } from '@sealwire/x509';
import {
  type LegacyCertificate,
  legacyCertificate,
  legacyCertificateChain,
  type NodeRelease,
  type ShowOptions,
} from '@sealwire/x509/node';
import type { ContextState } from '../context/state.ts';
import { nodeMajor } from '../process/host.ts';

export type ShownCertificate = LegacyCertificate<Buffer>;

/** The object of `getPeerCertificate`; with `detailed` its issuers as well, from what was presented and what is trusted. */
export function certificateObject(
  chain: readonly Uint8Array[] | undefined,
  context: ContextState,
  detailed: boolean,
): ShownCertificate | undefined {
  const [own, ...others] = chain ?? [];
  if (own === undefined) return undefined;
  const first = parseCertificate(own);
  if (!detailed) return legacyCertificate(first, show);
  return legacyCertificateChain([first, ...others.flatMap(parsed)], {
    ...show,
    anchors: context.trust(),
    timeMs: Date.now(),
  });
}

function parsed(der: Uint8Array): readonly Certificate[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (isX509Error(error)) return [];
    throw error;
  }
}

const major = nodeMajor();
const release: NodeRelease = major >= 26 ? 26 : major >= 24 ? 24 : major >= 22 ? 22 : 20;
const show: ShowOptions<Buffer> = { provider: nodeProvider, bytes: (bytes) => Buffer.from(bytes), release };
