/**
 * `timeout`: no answer in time. `unreachable`: there is no connection, or it broke. `resting`: it has failed so often that it is
 * left alone for a while. `busy`: too much is waiting for answers already. `refused`: an error came as the answer. `rubbish`: what
 * came is no answer to what was asked.
 */
export type StoreErrorCode = 'timeout' | 'unreachable' | 'resting' | 'busy' | 'refused' | 'rubbish';

/** A store could not do what it was asked. It names neither what was asked nor what came, both of which may be secret. */
export class SessionStoreError extends Error {
  override readonly name = 'SessionStoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
