import { ApiMisuseError, type Connection, type Output } from '@sealwire/core';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { bytesOfHex, concatenated, hexOf } from '../bytes.ts';

/** One step of a golden case: a call of a method, or bytes of the peer. */
export type GoldenStep =
  | { readonly do: 'receive'; readonly bytes: Uint8Array }
  /** As the case writes it: `start`, `close`, `send "text"`, `updateKeys requestPeer`, `wait 250`, … */
  | { readonly do: 'call'; readonly call: string };

/** A case of a Markdown file that runs: what is done to one connection, and what it then says. */
export interface GoldenCase {
  /** The first heading. */
  readonly title: string;
  /** What the JSON of the block `setup` says; what it means is up to whoever makes the connection. */
  readonly setup: unknown;
  readonly blocks: readonly GoldenBlock[];
}

interface GoldenBlock {
  /** The line of the fence, counted from 1. */
  readonly line: number;
  readonly steps: readonly GoldenStep[];
  /** Set in a block of expected outputs; without the last line end. */
  readonly outputs?: string;
}

export interface GoldenRun {
  /** The case with the outputs that came in place of those that were expected. */
  readonly markdown: string;
  readonly differences: readonly {
    readonly line: number;
    readonly expected: string;
    readonly actual: string;
  }[];
}

/**
 * A case is Markdown with blocks: ` ```json setup ` (one, first), ` ```hex receive ` with bytes of the peer,
 * ` ```text call ` with one call a line, ` ```text outputs ` with what the connection says next. Everything else is for
 * people. `ApiMisuseError` for what cannot be read.
 */
export function parseGolden(markdown: string): GoldenCase {
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  if (title === undefined) throw new ApiMisuseError('a golden case begins with a heading');
  let setup: unknown;
  const blocks: GoldenBlock[] = [];
  for (const { info, text, line } of fences(markdown)) {
    if (info === 'json setup') setup = JSON.parse(text);
    else if (info === 'hex receive')
      blocks.push({ line, steps: [{ do: 'receive', bytes: bytesOfHex(text) }] });
    else if (info === 'text call') {
      const calls = text.split('\n').filter((call) => call.trim() !== '');
      blocks.push({ line, steps: calls.map((call) => ({ do: 'call', call: call.trim() })) });
    } else if (info === 'text outputs') blocks.push({ line, steps: [], outputs: text });
  }
  if (setup === undefined) throw new ApiMisuseError(`the case "${title}" has no block json setup`);
  return { title, setup, blocks };
}

/** Does what the case says with the connection that `connect` makes of its setup. */
export function runGolden(
  markdown: string,
  connect: (setup: unknown) => Connection,
  options: { readonly nowMs?: number } = {},
): GoldenRun {
  const { setup, blocks } = parseGolden(markdown);
  const connection = connect(setup);
  const differences: { line: number; expected: string; actual: string }[] = [];
  let { nowMs = defaultNowMs } = options;
  const actual = new Map<number, string>();
  for (const { line, steps, outputs } of blocks) {
    for (const step of steps) {
      const waited = step.do === 'call' ? /^wait (\d+)$/.exec(step.call)?.[1] : undefined;
      if (waited !== undefined) nowMs += Number(waited);
      else doStep(connection, step, nowMs);
    }
    if (outputs === undefined) continue;
    const text = describeOutputs(drained(connection));
    actual.set(line, text);
    if (text !== outputs) differences.push({ line, expected: outputs, actual: text });
  }
  return { markdown: withOutputs(markdown, actual), differences };
}

/** Outputs as cases show them: one a line, bytes in hex below; facts, traces and key logs are left out. */
export function describeOutputs(outputs: readonly Output[]): string {
  const lines = outputs.flatMap((output): string[] => {
    switch (output.type) {
      case 'transmit': {
        const bytes = concatenated(output.pieces);
        return [`transmit ${bytes.length} bytes`, ...hexLinesOf(bytes)];
      }
      case 'data':
        return [
          `data ${JSON.stringify(String.fromCharCode(...output.bytes))}${output.early ? ', early' : ''}`,
        ];
      case 'writable':
        return [`writable, ${output.as}`];
      case 'decision':
      case 'decisionCancelled':
        return [`${output.type} ${output.decision.kind}`];
      case 'peerClosed':
        return [`peerClosed, ${output.how}`];
      case 'failed':
        return [
          `failed ${output.error.code}`,
          `  ${output.error.message}`,
          `  alert ${output.alert ?? 'none'}, sent by ${output.sentBy}`,
        ];
      case 'fact':
      case 'trace':
      case 'keylog':
        return [];
      default:
        return [output.type];
    }
  });
  return lines.length === 0 ? 'nothing' : lines.join('\n');
}

export function doStep(connection: Connection, step: GoldenStep, nowMs: number): void {
  if (step.do === 'receive') {
    connection.receive(step.bytes, nowMs);
    return;
  }
  const { call } = step;
  const sent = /^send (".*")$/.exec(call)?.[1];
  if (sent !== undefined) connection.send(utf8ToBytes(JSON.parse(sent) as string));
  else if (call === 'start') connection.start(nowMs);
  else if (call === 'close') connection.close();
  else if (call === 'abort') connection.abort();
  else if (call === 'receiveEnd') connection.receiveEnd(nowMs);
  else if (call === 'updateKeys') connection.updateKeys({ requestPeer: false });
  else if (call === 'updateKeys requestPeer') connection.updateKeys({ requestPeer: true });
  else {
    throw new ApiMisuseError(
      `expected start, close, abort, receiveEnd, updateKeys [requestPeer], send "text" or wait ms, got ${call}`,
    );
  }
}

function fences(markdown: string): { readonly info: string; readonly text: string; readonly line: number }[] {
  return [...markdown.matchAll(/^```(\w+ \w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    info: match[1] ?? '',
    text: (match[2] ?? '').trimEnd(),
    line: markdown.slice(0, match.index).split('\n').length,
  }));
}

function withOutputs(markdown: string, actual: ReadonlyMap<number, string>): string {
  return markdown.replace(/^```text outputs\n[\s\S]*?^```$/gm, (block: string, at: number) => {
    const text = actual.get(markdown.slice(0, at).split('\n').length);
    return text === undefined ? block : `\`\`\`text outputs\n${text}\n\`\`\``;
  });
}

function drained(connection: Connection): Output[] {
  const outputs: Output[] = [];
  for (let output = connection.poll(); output !== undefined; output = connection.poll()) outputs.push(output);
  return outputs;
}

/** Bytes as lines of 32, for blocks of hex. */
export function hexLinesOf(bytes: Uint8Array): string[] {
  return [...hexOf(bytes).matchAll(/.{1,64}/g)].map(([line]) => `  ${line}`);
}

const defaultNowMs = Date.UTC(2026, 0, 1);
