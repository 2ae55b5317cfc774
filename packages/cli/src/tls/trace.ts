import { alertName, registryName, type TraceEvent } from '@sealwire/core';
import { contentTypes, handshakeTypes } from '@sealwire/core/codecs';
import {
  dissect,
  nameOfMessage,
  type Part,
  type Structures,
  structuresOf,
  tls13Structures,
} from '@sealwire/testkit/transcript';
import type { Lines } from '../text/lines.ts';
import { bytesText, hexOf } from '../text/units.ts';

/**
 * Every event of a connection as lines: `>` what we send, `<` what comes. Messages are shown field by field; application data
 * is counted, not shown, and keys never come by here.
 */
export class TracePrinter {
  readonly #out: Lines;
  /** By whose rules messages are taken apart: the ServerHello says it. */
  #structures: Structures = tls13Structures;

  constructor(out: Lines) {
    this.#out = out;
  }

  print(event: TraceEvent): void {
    switch (event.what) {
      case 'record': {
        const { contentType, wireBytes, isProtected } = event;
        const type = registryName(contentTypes, contentType);
        this.#out.line(
          `${sign(event)} record ${type}, ${bytesText(wireBytes)}${isProtected ? ', protected' : ''}`,
        );
        break;
      }
      case 'handshake':
        this.#message(event.raw, event.direction, '');
        break;
      case 'innerClientHello':
        this.#message(event.raw, event.direction, ' inside');
        break;
      case 'alert': {
        const level = event.level === 2 ? 'fatal' : 'warning';
        this.#out.line(`${sign(event)}   alert ${level} ${alertName(event.code)}`);
        break;
      }
      case 'changeCipherSpec':
        this.#out.line(`${sign(event)}   change_cipher_spec`);
        break;
      case 'keys':
        this.#out.line(`${event.direction === 'write' ? '>' : '<'} keys: ${event.epoch}`);
        break;
      case 'decision':
        this.#out.line(`  decision ${event.kind}: ${event.answer}`);
        break;
    }
  }

  /** `where`: behind the name of the message. */
  #message(raw: Uint8Array, direction: 'sent' | 'received', where: string): void {
    const event = { direction };
    if (raw[0] === handshakeTypes.server_hello) this.#structures = structuresOf(raw);
    this.#out.line(`${sign(event)}   ${nameOfMessage(raw)}${where}, ${bytesText(raw.length)}`);
    for (const line of fieldLines(dissect(raw, this.#structures)))
      this.#out.line(`${sign(event)}     ${line}`);
  }
}

/** The fields of a message, one a line, indented as they are nested; long values are cut. */
export function fieldLines(message: Part): string[] {
  return message.parts
    .filter(({ name }) => name !== 'msg_type' && name !== 'length')
    .flatMap((part) => linesOf(part, 0));
}

function linesOf(part: Part, depth: number): string[] {
  const { name, parts, content, meaning, problem } = part;
  const indent = '  '.repeat(depth);
  const label = `${indent}${name}`;
  if (parts.length === 0) return [`${label}: ${valueText(part)}`];
  // Lists of short things in one line.
  if (
    parts.every((each) => each.parts.length === 0 && each.name.startsWith('[') && each.meaning !== undefined)
  )
    return [`${label}: ${parts.map((each) => each.meaning).join(', ')}`];
  const head = problem ?? meaning;
  return [
    head === undefined ? `${label} (${bytesText(content.length)})` : `${label}: ${head}`,
    ...parts.filter((each) => each.name !== 'extension_type').flatMap((each) => linesOf(each, depth + 1)),
  ];
}

function valueText({ content, meaning, problem }: Part): string {
  if (problem !== undefined) return `${problem}: ${hexText(content)}`;
  if (meaning !== undefined) return meaning;
  return content.length === 0 ? '(empty)' : hexText(content);
}

function hexText(bytes: Uint8Array): string {
  if (bytes.length <= mostBytes) return hexOf(bytes);
  return `${hexOf(bytes.subarray(0, mostBytes))}… (${bytesText(bytes.length)})`;
}

const sign = ({ direction }: { readonly direction: 'sent' | 'received' }): string =>
  direction === 'sent' ? '>' : '<';
const mostBytes = 32;
