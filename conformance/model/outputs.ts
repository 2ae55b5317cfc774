import { alertFor, type Output, TlsError } from '@sealwire/core';

/** What is true of the outputs of any connection, whatever was done to it, as far as they tell alone. */
export function checkOutputs(outputs: readonly Output[]): void {
  const types = outputs.map(({ type }) => type);
  const ends = types.filter((type) => type === 'closed' || type === 'failed');
  if (ends.length > 1) throw new Error(`it ended ${ends.length} times: ${ends.join(', ')}`);
  const end = types.findIndex((type) => type === 'closed' || type === 'failed');
  if (end !== -1 && end !== types.length - 1) throw new Error(`it says ${types[end + 1]} after its end`);
  const begun = 1 + types.filter((type) => type === 'renegotiating').length;
  if (types.filter((type) => type === 'connected').length > begun)
    throw new Error('it is connected more often than it has begun to be');
  const last = outputs.at(-1);
  if (last?.type === 'failed') checkFailure(last, outputs);
}

/** A typed error; the alert of the table, whose bytes came out before; nothing that is our own fault. */
function checkFailure(failure: Extract<Output, { type: 'failed' }>, outputs: readonly Output[]): void {
  const { error, alert, sentBy } = failure;
  if (!(error instanceof TlsError)) throw new Error(`it failed with ${String(error)}`);
  if (error.blame === 'internal') throw new Error(`it failed by its own fault: ${error.message}`);
  if (sentBy === 'peer' && error.code !== 'received.alert')
    throw new Error(`${error.code} is not from the peer`);
  if (sentBy !== 'us') return;
  // Before TLS 1.3 there is no general_error; a handshake that is given up is canceled.
  const others = error.code === 'local.aborted' ? ['internal_error', 'user_canceled'] : [];
  const expected: readonly string[] = [alertFor[error.code], ...others];
  if (!expected.includes(alert ?? 'none'))
    throw new Error(`${error.code} sent ${alert}, not ${expected.join(' or ')}`);
  const last = outputs.findLast(({ type }) => type === 'transmit' || type === 'trace' || type === 'failed');
  const sent = outputs.some(({ type }) => type === 'transmit');
  if (last === undefined || !sent) throw new Error(`${error.code} sent no alert`);
}
