import { expect, it } from 'vitest';
import { ticketKeeper } from '../../src/context/configs.ts';
import { InnerContext } from '../../src/context/inner-context.ts';

it('a context that presents itself shares no sessions with what is kept apart of it', () => {
  const context = new InnerContext();
  context.setSessionIdContext('of the server');
  const { state } = context;
  const itself = state.presenting(state);
  const keeper = ticketKeeper(itself, { isStateful: false });
  const apart = state.apart();
  expect(itself.sessionIdContext).toEqual(state.sessionIdContext);
  expect(apart.sessionIdContext).not.toEqual(state.sessionIdContext);
  expect(ticketKeeper(apart, { isStateful: false })).not.toBe(keeper);
  // One and the same, until something changes.
  expect(state.apart()).toBe(apart);
  context.setTicketKeys(Buffer.alloc(48, 1));
  expect(state.apart()).not.toBe(apart);
  expect(state.apart().ticketKeys).toEqual(new Uint8Array(48).fill(1));
});
