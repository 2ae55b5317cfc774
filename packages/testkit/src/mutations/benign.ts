/** What may pass unnoticed, and by which rule. Nothing else may. */

export const recordVersionRule = 'legacy_record_version "MUST be ignored for all purposes" (RFC 9846 §5.1)';
export const ccsRule =
  'a change_cipher_spec between the first ClientHello and Finished is dropped unread (RFC 9846 §5)';
export const fragmentRule = 'handshake messages may be coalesced and fragmented over records (RFC 9846 §5.1)';
export const userCanceledRule =
  'user_canceled says nothing by itself; a close_notify would have to follow (RFC 9846 §6.1)';
export const warningRule =
  'a warning ends nothing where TLS 1.2 or below is spoken, or may yet be agreed on (RFC 5246 §7.2.2)';
export const afterCloseRule = 'data after a close_notify "MUST be ignored" (RFC 9846 §6.1)';
export const emptyDataRule = 'application data records may be empty (RFC 9846 §5.1)';
export const repairedRule = 'the changed Finished was replaced by a right one';
export const keyHolderRule =
  'whoever has the traffic secrets can make and leave out KeyUpdates and tickets, as the two ends can';
export const skippedRule = 'records of 0-RTT data that was refused are skipped unread (RFC 9846 §4.2.10)';
export const helloRequestRule =
  'a HelloRequest "will be ignored by the client if the client is currently negotiating a session" (RFC 5246 §7.4.1.1)';
