import { ApiMisuseError } from '../errors/tls-error.ts';
import { spelt } from './checks.ts';

/** How often the peer may begin another handshake: one costs us far more than the peer. */
export interface RenegotiationLimits {
  /** So many within `windowSeconds`; the next one ends the connection. Default 3, as `tls.CLIENT_RENEG_LIMIT` of Node. */
  readonly limit?: number;
  /** Default 600, as `tls.CLIENT_RENEG_WINDOW` of Node. */
  readonly windowSeconds?: number;
}

export type AcceptRenegotiation = boolean | RenegotiationLimits;

/** What becomes of one that is not accepted. */
export type UnwantedRenegotiation = 'warn' | 'end';

export function checkedUnwanted(given: UnwantedRenegotiation = 'warn'): UnwantedRenegotiation {
  if (given === 'warn' || given === 'end') return given;
  throw new ApiMisuseError(`unwantedRenegotiation must be 'warn' or 'end', got ${spelt(given)}`);
}

/** `undefined`: the peer may begin none. */
export function checkedRenegotiation(
  given: AcceptRenegotiation = false,
): Required<RenegotiationLimits> | undefined {
  if (given === false) return undefined;
  const { limit = 3, windowSeconds = 600 } = given === true ? {} : (given ?? {});
  const isLimit = Number.isSafeInteger(limit) && limit >= 1;
  const isWindow = windowSeconds > 0 && windowSeconds !== Number.POSITIVE_INFINITY;
  if (given !== null && (given === true || typeof given === 'object') && isLimit && isWindow) {
    return { limit, windowSeconds };
  }
  throw new ApiMisuseError(
    'acceptRenegotiation must be a boolean or { limit?: integer of at least 1, windowSeconds?: number above 0 }, ' +
      `got ${spelt(given)} with limit ${spelt(limit)}, windowSeconds ${spelt(windowSeconds)}`,
  );
}
