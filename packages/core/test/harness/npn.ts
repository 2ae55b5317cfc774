import { extension } from '../../src/extensions/definition.ts';
import { nextProtocolNegotiationExtension as npn } from '../../src/extensions/next-protocol-negotiation.ts';
import { sessionTicketExtension } from '../../src/extensions/session-ticket.ts';
import type { ServerOptions } from '../../src/index.ts';
import { helloWith, scriptedClient12, type ScriptedClient12 } from './scripted-client12.ts';
import { serverSession12, session12 } from './session12.ts';

/** A client that asks for NPN, with a server that has listed its protocols. */
export function askedForProtocol(options: Partial<ServerOptions> = {}): ScriptedClient12 {
  return client(options).clientHello((hello) => helloWith(hello, extension('CH', npn, true)));
}

/** The same where a session is resumed. */
export function resumingForProtocol(): ScriptedClient12 {
  const found = { index: 0, session: serverSession12 };
  const peer = client({ answers: { openTicket: () => ({ ok: true, found }) } });
  peer.resumes = session12.secret;
  const ticket = extension('CH', sessionTicketExtension, new Uint8Array(16));
  return peer.clientHello((hello) => helloWith(helloWith(hello, ticket), extension('CH', npn, true)));
}

function client(options: Partial<ServerOptions>): ScriptedClient12 {
  return scriptedClient12({ alpnProtocols: [], npnProtocols: ['spdy/3', 'http/1.1'], ...options });
}
