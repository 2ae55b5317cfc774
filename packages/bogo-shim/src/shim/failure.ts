import type { TlsError } from '@sealwire/core';

/** An expectation that the runner gave us was not met; ends the run with exit code 1 and this message. */
export class ExpectationFailed extends Error {
  override readonly name = 'ExpectationFailed';
}

/** Something is asked for that the stack or the shim does not do; ends the run with exit code 89. */
export class NotImplemented extends Error {
  override readonly name = 'NotImplemented';
}

/** The connection under test has died. */
export class ConnectionFailed extends Error {
  override readonly name = 'ConnectionFailed';

  constructor(error: TlsError, alert: string | undefined) {
    super(spelt(error, alert), { cause: error });
  }
}

/** The server did not take our 0-RTT data; all that was said so far is to be said again. */
export class EarlyDataRejected extends Error {
  override readonly name = 'EarlyDataRejected';
}

/**
 * One line that says which check failed, as exactly as the stack says it: the map of errors looks for parts of it. In
 * front the code; then what was received or sent as an alert, the message of the handshake, and the field.
 */
function spelt(error: TlsError, alert: string | undefined): string {
  const { code, handshakeMessage, field, section, message } = error;
  const place = [handshakeMessage, field].filter((part) => part !== undefined).join('.');
  return `${code}(${alert ?? 'no alert'}) ${place === '' ? '' : `in ${place}: `}${message}${section === undefined ? '' : ` [${section}]`}`;
}
