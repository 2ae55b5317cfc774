import type { Move } from '../../machine/define.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import { profileOf } from '../profile.ts';
import { checkClientHello, commonSuites } from './negotiate.ts';
import { seekSession } from './resume.ts';
import type { ServerState } from './states.ts';

/** A ClientHello that selects TLS 1.2 or below (RFC 5246 §7.4.1.2): what we could agree on, then whether it resumes a session. */
export function onClientHello(received: ReceivedHello, context: Context): Move<ServerState> {
  context.endFlight('RFC 5246 §7.3');
  checkClientHello(received);
  const profile = profileOf(received.version);
  return seekSession({ received, profile, suites: commonSuites(received, profile, context) }, context);
}
