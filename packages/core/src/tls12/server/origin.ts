import type { ServerConfig } from '../../config/server.ts';
import { renegotiationInfoExtension } from '../../extensions/renegotiation-info.ts';
import type { ReceivedHello } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import { establishedOf } from '../renegotiation.ts';
import { signalsRenegotiation } from '../signals.ts';
import type { ServerOrigin } from './states.ts';

export function originOf({ config, hello, again, renegotiation }: ReceivedHello): ServerOrigin {
  const before = establishedOf<ServerConfig>(renegotiation);
  return { config, again, isSecure: knowsSecureRenegotiation(hello), before };
}

/** By the extension or the signal (RFC 5746 §3.6). */
export function knowsSecureRenegotiation({ extensions, cipherSuites }: ClientHello): boolean {
  return extensions.has(renegotiationInfoExtension) || signalsRenegotiation(cipherSuites);
}
