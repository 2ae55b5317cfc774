import { readFileSync } from 'node:fs';
import type { CommandSpec } from '../command.ts';
import { certCommands } from './cert/commands.ts';
import { connectCommand } from './connect/command.ts';
import { serveCommand } from './serve/command.ts';
import { benchCommand } from './bench/command.ts';
import { completionCommand } from './completion/command.ts';
import { inspectCommand } from './inspect/command.ts';
import { ciphersCommand } from './ciphers/command.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  connectCommand,
  serveCommand,
  ...certCommands,
  inspectCommand,
  ciphersCommand,
  benchCommand,
  completionCommand(() => commands),
];

/** Read when somebody asks: a program that bundles this one has no package.json of ours beside it. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
