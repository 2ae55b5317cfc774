import { nodeMajor } from './host.ts';

/**
 * The switches of Node that concern TLS, as Node reads them: `NODE_OPTIONS` first, then what stands on the command line (or in the
 * `execArgv` of a Worker), the later the stronger. What Node itself refuses is not looked for: with it nothing would run.
 */
export interface Switches {
  /** `--tls-min-v1.x` and `--tls-max-v1.x`, whose lowest and highest count. */
  readonly minVersion: string | undefined;
  readonly maxVersion: string | undefined;
  /** `--tls-keylog=file`. */
  readonly keylogFile: string | undefined;
  /** `--trace-tls`. */
  readonly traces: boolean;
  /** `--use-openssl-ca`, `--use-bundled-ca`, `--use-system-ca` (or `NODE_USE_SYSTEM_CA=1`): whom to trust by default. */
  readonly trusts: 'openssl' | 'bundled' | 'bundled and system';
  /** `NODE_EXTRA_CA_CERTS`: a file. */
  readonly extraCaFile: string | undefined;
}

/** Those of this thread, as they were when it began. */
export function switches(): Switches {
  return (own ??= readSwitches(process.execArgv, process.env));
}

let own: Switches | undefined;

export function readSwitches(
  execArgv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  major = nodeMajor(),
): Switches {
  const set = new Map<string, string | boolean>();
  for (const words of [wordsOf(env['NODE_OPTIONS'] ?? ''), execArgv]) readWords(words, set);
  // Node has had the switch since 22.15; the older ones would not have started with it.
  const usesSystem = set.get('use-system-ca') ?? (major >= 22 && env['NODE_USE_SYSTEM_CA'] === '1');
  const keylog = set.get('tls-keylog');
  return {
    minVersion: ['1.0', '1.1', '1.2', '1.3'].filter((v) => set.get(`tls-min-v${v}`)).map(nameOf)[0],
    maxVersion: ['1.3', '1.2'].filter((v) => set.get(`tls-max-v${v}`)).map(nameOf)[0],
    keylogFile: typeof keylog === 'string' && keylog !== '' ? keylog : undefined,
    traces: set.get('trace-tls') === true,
    trusts: set.get('use-openssl-ca') ? 'openssl' : usesSystem ? 'bundled and system' : 'bundled',
    extraCaFile: env['NODE_EXTRA_CA_CERTS'] || undefined,
  };
}

function nameOf(version: string): string {
  return version === '1.0' ? 'TLSv1' : `TLSv${version}`;
}

/** `--name`, `--no-name`, `--name=value` and `--name value`; underscores are as good as hyphens. */
function readWords(words: readonly string[], set: Map<string, string | boolean>): void {
  for (let at = 0; at < words.length; at++) {
    const [, given, value] = /^--([^=]*)(?:=(.*))?$/s.exec(words[at]!) ?? [];
    if (given === undefined) continue;
    const name = given.replaceAll('_', '-');
    const negated = name.startsWith('no-') ? name.slice(3) : undefined;
    if (name === 'tls-keylog') set.set(name, value ?? words[++at] ?? '');
    else if (flags.has(name)) set.set(name, true);
    else if (negated !== undefined && flags.has(negated)) set.set(negated, false);
  }
}

/** `NODE_OPTIONS` is split at spaces, but for those within double quotes; a backslash there takes the next character as it is. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    let character = text[at]!;
    if (character === '\\' && isQuoted && at + 1 < text.length) character = text[++at]!;
    else if (character === ' ' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
      continue;
    }
    word = (word ?? '') + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

const flags: ReadonlySet<string> = new Set([
  'tls-min-v1.0',
  'tls-min-v1.1',
  'tls-min-v1.2',
  'tls-min-v1.3',
  'tls-max-v1.2',
  'tls-max-v1.3',
  'trace-tls',
  'use-openssl-ca',
  'use-bundled-ca',
  'use-system-ca',
]);
