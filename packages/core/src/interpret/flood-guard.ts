import { TlsError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';

/**
 * Counts what a peer can send for ever without the connection making progress. Application data, and
 * nothing else, is progress.
 */
export class FloodGuard {
  readonly #limits: Limits;
  #emptyRecords = 0;
  #warningAlerts = 0;
  #keyUpdates = 0;
  #postHandshakeMessages = 0;
  #helloRequests = 0;
  #changeCipherSpecs = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  applicationData(bytes: number): void {
    if (bytes === 0) {
      this.#emptyRecords++;
      if (this.#emptyRecords > this.#limits.emptyRecords) {
        refuse('peer.tooManyEmptyRecords', 'empty records in a row', this.#limits.emptyRecords, '§5.4');
      }
      return;
    }
    this.#emptyRecords = 0;
    this.#warningAlerts = 0;
    this.#keyUpdates = 0;
    this.#postHandshakeMessages = 0;
    this.#helloRequests = 0;
  }

  warningAlert(): void {
    this.#warningAlerts++;
    if (this.#warningAlerts > this.#limits.warningAlerts) {
      refuse('peer.tooManyWarningAlerts', 'warning alerts', this.#limits.warningAlerts, '§6.1');
    }
  }

  keyUpdate(): void {
    this.#keyUpdates++;
    if (this.#keyUpdates > this.#limits.keyUpdates) {
      refuse(
        'peer.tooManyKeyUpdates',
        'KeyUpdates without application data',
        this.#limits.keyUpdates,
        '§4.7.3',
      );
    }
  }

  postHandshakeMessage(): void {
    this.#postHandshakeMessages++;
    if (this.#postHandshakeMessages > this.#limits.postHandshakeMessages) {
      refuse(
        'peer.tooManyPostHandshakeMessages',
        'post-handshake messages without application data',
        this.#limits.postHandshakeMessages,
        '§4.7',
      );
    }
  }

  /** One that comes during a handshake. */
  helloRequest(): void {
    this.#helloRequests++;
    if (this.#helloRequests <= this.#limits.helloRequests) return;
    throw new TlsError(
      'peer.unexpectedMessage',
      `more than ${this.#limits.helloRequests} HelloRequests during a handshake`,
      { section: 'RFC 5246 §7.4.1.1', handshakeMessage: 'hello_request' },
    );
  }

  changeCipherSpec(): void {
    this.#changeCipherSpecs++;
    if (this.#changeCipherSpecs > this.#limits.changeCipherSpecs) {
      refuse(
        'peer.tooManyChangeCipherSpecs',
        'change_cipher_spec records',
        this.#limits.changeCipherSpecs,
        '§5',
      );
    }
  }
}

type FloodCode =
  | 'peer.tooManyEmptyRecords'
  | 'peer.tooManyWarningAlerts'
  | 'peer.tooManyKeyUpdates'
  | 'peer.tooManyPostHandshakeMessages'
  | 'peer.tooManyChangeCipherSpecs';

/** The section is the one that allows what is harmful without end. */
function refuse(code: FloodCode, what: string, limit: number, section: `§${string}`): never {
  throw new TlsError(code, `more than ${limit} ${what}`, { section: `RFC 9846 ${section}` });
}

/** Whether a handshake message after the handshake is counted elsewhere, and not by `postHandshakeMessage`. */
export function isCountedElsewhere(type: number): boolean {
  return countedElsewhere.includes(type);
}

/** KeyUpdates have a limit of their own; answers to our CertificateRequests are as many as the requests. */
const countedElsewhere: readonly number[] = [
  handshakeTypes.key_update,
  handshakeTypes.certificate,
  handshakeTypes.compressed_certificate,
  handshakeTypes.certificate_verify,
  handshakeTypes.finished,
];
