import { protocolVersions, TlsError, type TraceEvent } from '@sealwire/core';
import { contentTypes, handshakeTypes } from '@sealwire/core/codecs';
import { hostOpenssl, type OpensslVersion } from '../process/host.ts';
import { Lines } from './lines.ts';
import { type Agreed, agreedIn, printMessage } from './messages.ts';
import { alertLevel, alertName, contentName, versionName } from './names.ts';

type RecordEvent = Extract<TraceEvent, { what: 'record' }>;

/** Something that is to be sent, whose records come after it: it is shown behind the one that holds its last byte. */
interface Pending {
  readonly contentType: number;
  readonly text: string;
  bytesLeft: number;
}

/**
 * What passes on a connection, in the style of OpenSSL's SSL_trace: each record with its header, behind it what it completes, with
 * all of its fields.
 */
export class Tracer {
  readonly #isServer: boolean;
  readonly #openssl: OpensslVersion;
  #agreed: Agreed;
  #pending: Pending[] = [];

  constructor(isServer: boolean, openssl: OpensslVersion = hostOpenssl()) {
    this.#isServer = isServer;
    this.#openssl = openssl;
    this.#agreed = { version: 0, suite: undefined, openssl };
  }

  /** What is to be written of an event; nothing as long as it is incomplete. */
  text(event: TraceEvent): string {
    switch (event.what) {
      case 'record':
        return this.#header(event) + (event.direction === 'sent' ? this.#completed(event) : '');
      case 'handshake': {
        const isOfServer = this.#isServer === (event.direction === 'sent');
        const text = this.#message(event.raw, isOfServer);
        return this.#later(event.direction, contentTypes.handshake, text, event.raw.length);
      }
      case 'alert': {
        const { level, direction, code } = event;
        const shown = `Level=${alertLevel(level)}(${level}), description=${alertName(code, this.#openssl)}(${code})`;
        return this.#later(direction, contentTypes.alert, `    ${shown}\n\n`, 2);
      }
      case 'changeCipherSpec':
        // Of the peer's OpenSSL 3.0 shows no more than the record.
        if (event.direction === 'received' && this.#openssl === '3.0') return '';
        return this.#later(
          event.direction,
          contentTypes.change_cipher_spec,
          '    change_cipher_spec (1)\n\n',
          1,
        );
      case 'innerClientHello':
      case 'keys':
      case 'decision':
        return '';
    }
  }

  #header({ direction, contentType, recordVersion, wireBytes, isProtected }: RecordEvent): string {
    // Before there is a version, 0-RTT data is all that is protected.
    const hidesType =
      isProtected && (this.#agreed.version === 0 || this.#agreed.version === protocolVersions.tls13);
    const outer = hidesType ? contentTypes.application_data : contentType;
    const lines = new Lines();
    const word = direction === 'sent' ? 'Sent' : 'Received';
    lines.line(0, `${word} ${this.#openssl === '3.0' ? 'Record' : 'TLS Record'}`);
    lines.line(0, 'Header:');
    lines.line(2, `Version = ${versionName(recordVersion)} (0x${recordVersion.toString(16)})`);
    lines.line(2, `Content Type = ${typeText(outer)}`);
    lines.line(2, `Length = ${wireBytes - headerBytes}`);
    if (hidesType) lines.line(2, `Inner Content Type = ${typeText(contentType)}`);
    return lines.text;
  }

  #later(direction: 'sent' | 'received', contentType: number, text: string, bytesLeft: number): string {
    if (direction === 'received') return text;
    this.#pending.push({ contentType, text, bytesLeft });
    return '';
  }

  /** What a record that was sent has been the last of. */
  #completed({ contentType, contentBytes }: RecordEvent): string {
    let text = '';
    let bytes = contentBytes;
    for (const pending of this.#pending) {
      if (pending.contentType !== contentType || bytes === 0) continue;
      const taken = Math.min(pending.bytesLeft, bytes);
      bytes -= taken;
      pending.bytesLeft -= taken;
      if (pending.bytesLeft === 0) text += pending.text;
    }
    this.#pending = this.#pending.filter(({ bytesLeft }) => bytesLeft > 0);
    return text;
  }

  #message(raw: Uint8Array, isOfServer: boolean): string {
    const lines = new Lines();
    try {
      printMessage(lines, raw, isOfServer, this.#agreed);
      if (raw[0] === handshakeTypes.server_hello) this.#agreed = agreedIn(raw, this.#openssl);
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      lines.line(0, 'Message length parse error!');
    }
    return `${lines.text}\n`;
  }
}

function typeText(contentType: number): string {
  return `${contentName(contentType)} (${contentType})`;
}

const headerBytes = 5;
