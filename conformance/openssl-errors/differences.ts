/** Where `handshakeError` says what OpenSSL did not say in any test, and why. By group of the recorded tallies. */
export const differences: Readonly<Record<string, string>> = {
  ...sameReason('what core says first is a check that OpenSSL makes later, or not at all', [
    'incompatible.dhGroupTooSmall client TLS1.2 server_key_exchange',
    'peer.excessHandshakeData server TLS1.2 client_hello',
    'peer.illegalExtension server TLS1.2 client_hello',
  ]),
  ...sameReason('OpenSSL needs DH parameters of its own to come so far', [
    'peer.invalidDhShare server TLS1.2 client_key_exchange',
  ]),
  ...sameReason('limits of ours, at other places than those of OpenSSL', [
    'local.heldInputOverflow server TLS1.3 -',
    'peer.messageTooLarge client TLS1.2 certificate',
    'peer.messageTooLarge client TLS1.3 certificate',
    'peer.messageTooLarge server TLS1.2 certificate',
    'peer.messageTooLarge server TLS1.3 certificate',
    'peer.messageTooLarge server TLS1.3 client_hello',
    'peer.messageTooLarge server TLS1.3 encrypted_extensions',
  ]),
  ...sameReason(
    'a close_notify is an error to OpenSSL at some places and the end at most; Node shows a reset',
    ['peer.closedDuringHandshake server TLS1.2 -', 'peer.closedDuringHandshake server TLS1.3 -'],
  ),
  ...sameReason('in TLS 1.3 OpenSSL looks at the description of an alert whose level is none', [
    'peer.illegalAlertLevel server TLS1.3 -',
  ]),
  ...sameReason('OpenSSL has several reasons where core has one code', [
    'peer.illegalCompressionMethods client TLS1.2 server_hello',
    'peer.illegalCompressionMethods server TLS1.2 client_hello',
    'peer.invalidKeyShare client TLS1.3 server_hello',
    'peer.malformedMessage client TLS1.2 server_hello',
    'peer.malformedMessage client TLS1.3 certificate',
    'peer.malformedMessage server TLS1.3 certificate',
    'peer.missingExtension client TLS1.3 hello_retry_request',
    'peer.recordTooLarge client TLS1.2 -',
    'peer.recordTooLarge server TLS1.2 -',
  ]),
};

function sameReason(why: string, groups: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(groups.map((group) => [group, why]));
}
