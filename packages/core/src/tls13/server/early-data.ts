import { earlyDataExtension } from '../../extensions/early-data.ts';
import type { Move } from '../../machine/define.ts';
import type { Context } from '../../machine/step.ts';
import { ageSkewMs } from '../../resume/accept.ts';
import type { AcceptEarlyDataReply } from '../../values/decisions.ts';
import { copyOf } from '../../wire/bytes.ts';
import { owned } from '../../wire/owned.ts';
import { sameSettings } from '../settings.ts';
import { closeFlight, openFlight } from './first-flight.ts';
import type { AcceptedPsk, Negotiated, ServerState } from './states.ts';

/** 0-RTT data: taken only where everything is as its key says, the hello is fresh, and the application agrees (RFC 9846 §4.3.10). */
export function considerEarlyData(negotiated: Negotiated, context: Context): Move<ServerState> {
  const { received, psk } = negotiated;
  const { earlyData } = received.config;
  const allowedBytes = psk === undefined ? 0 : allowance(negotiated, psk);
  if (earlyData === undefined || psk === undefined || allowedBytes === 0) return resume(negotiated, context);
  const { session, external, binder, obfuscatedTicketAge } = psk;
  const nowMs = context.receivedAtMs;
  const skewMs = session === undefined ? 0 : ageSkewMs(session, obfuscatedTicketAge, nowMs);
  // RFC 9846 §8.3: a hello that is not fresh may be a replay. At the end of the window its first copy is forgotten.
  if (Math.abs(skewMs) >= earlyData.windowMs) return resume(negotiated, context);
  const expectedArrivalMs = nowMs - skewMs;
  return {
    state: { at: 'decideEarlyData', negotiated, limitBytes: Math.min(allowedBytes, earlyData.maxBytes) },
    ask: {
      kind: 'acceptEarlyData',
      ask: {
        session: owned(session),
        externalIdentity: external === undefined ? undefined : copyOf(external.identity),
        ageSkewMs: skewMs,
        replayKey: copyOf(binder),
        // A hello with an external key has no age: it may have come at any time.
        notBeforeMs:
          session === undefined ? Number.NEGATIVE_INFINITY : expectedArrivalMs - earlyData.windowMs,
        expiresAtMs:
          session === undefined ? Number.POSITIVE_INFINITY : expectedArrivalMs + earlyData.windowMs,
        nowMs,
      },
    },
  };
}

export function onEarlyDataVerdict(
  { negotiated, limitBytes }: Extract<ServerState, { at: 'decideEarlyData' }>,
  reply: AcceptEarlyDataReply,
  context: Context,
): Move<ServerState> {
  const isAccepted = reply.ok && reply.accept;
  return resume(isAccepted ? { ...negotiated, earlyDataBytes: limitBytes } : negotiated, context);
}

/** Bytes that the key allows here; 0 if the client wants none or anything differs from what the key is for. */
function allowance(negotiated: Negotiated, { index, session, external }: AcceptedPsk): number {
  const { received, suite, alpnProtocol, settings, helloRetried } = negotiated;
  if (!received.hello.extensions.has(earlyDataExtension) || helloRetried || index !== 0) return 0;
  const terms =
    session === undefined
      ? external?.earlyData
      : {
          maxBytes: session.maxEarlyDataBytes,
          cipherSuite: session.cipherSuite,
          alpnProtocol: session.alpnProtocol,
        };
  const isSame =
    terms?.cipherSuite === suite.id &&
    terms.alpnProtocol === alpnProtocol &&
    sameSettings(settings, session?.applicationSettings);
  return terms !== undefined && isSame ? terms.maxBytes : 0;
}

/** The pre-shared key proves us: no certificate, Finished comes at once (RFC 9846 §2.2). */
function resume(negotiated: Negotiated, context: Context): Move<ServerState> {
  return closeFlight(negotiated, openFlight(negotiated, context), [], context);
}
