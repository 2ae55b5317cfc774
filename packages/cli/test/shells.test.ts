import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands, version } from '../src/commands/index.ts';
import { exitCodes } from '../src/exit-codes.ts';
import { normalised } from '../src/options/normalise.ts';
import { manPage } from '../src/shells/man.ts';
import { exitTable, optionTables } from '../src/shells/markdown.ts';
import { spellingsOf } from '../src/shells/spellings.ts';
import { run, scratch } from './run.ts';

const here = (name: string) => new URL(name, import.meta.url);
const text = (name: string) => readFileSync(here(name), 'utf8');

describe('the description of options', () => {
  it('makes the help', async () => {
    const pages: string[] = [(await run(['--help'])).stdout];
    for (const { name } of commands) {
      const { stdout, code } = await run([...name.split(' '), '--help']);
      expect(code).toBe(0);
      pages.push(`$ sealwire ${name} --help\n${stdout}`);
    }
    await expect(pages.join('\n')).toMatchFileSnapshot('help.txt');
    expect((await run(['help', 'connect'])).stdout).toBe((await run(['connect', '-h'])).stdout);
    expect((await run(['-version'])).stdout).toBe(`${version()}\n`);
  });

  it('makes the manual page', async () => {
    const page = manPage(commands);
    await expect(page).toMatchFileSnapshot('../man/sealwire.1');
    const checked = spawnSync(
      'man',
      ['--warnings', '-l', '-Tutf8', '-P', 'cat', new URL('../man/sealwire.1', import.meta.url).pathname],
      { encoding: 'utf8' },
    );
    if (checked.error !== undefined) console.log('skipped: man is not installed');
    else expect(checked.stderr).toBe('');
    const lint = spawnSync('mandoc', ['-Tlint', '-Wwarning'], { input: page, encoding: 'utf8' });
    if (lint.error !== undefined) return void console.log('skipped: mandoc is not installed');
    // A date would be that of the day on which the page was made.
    expect(lint.stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual(
      [],
    );
  });

  it('makes the tables of the README', async () => {
    const withTable = (page: string, name: string, table: string) =>
      page.replace(
        new RegExp(`<!-- ${name}: begin -->[\\s\\S]*<!-- ${name}: end -->`),
        () => `<!-- ${name}: begin -->\n\n${table}\n\n<!-- ${name}: end -->`,
      );
    const page = withTable(text('../README.md'), 'exit codes', exitTable());
    await expect(withTable(page, 'options', optionTables(commands))).toMatchFileSnapshot('../README.md');
  });

  it('is held by tests: each flag is used by one', () => {
    const folders = ['.', '../../../interop/src'];
    const sources = folders.flatMap((folder) =>
      readdirSync(here(folder))
        .filter((name) => /\.ts$/.test(name) && name !== 'shells.test.ts')
        .map((name) => text(`${folder}/${name}`)),
    );
    const all = sources.join('\n');
    const unused = commands.flatMap(({ name, options }) =>
      Object.entries(options).flatMap(([long, spec]) => {
        const spellings = [...spellingsOf(long, spec), `-${long}`];
        const isUsed = spellings.some(
          (each) => all.includes(`'${each}'`) || all.includes(`'${each}=`) || all.includes(`\`${each}=`),
        );
        return isUsed ? [] : [`${name} --${long}`];
      }),
    );
    expect(unused).toEqual([]);
  });

  it('has no spelling twice, and brings each to the long name', () => {
    for (const { options } of commands) {
      const spellings = Object.entries(options).flatMap(([long, spec]) =>
        spellingsOf(long, spec).map((each) => [each, long, spec] as const),
      );
      const plain = spellings.map(([each]) => each.replace(/^--?/, ''));
      for (const [i, [spelling, long, { value }]] of spellings.entries()) {
        expect(plain.filter((each, k) => each === plain[i] && spellings[k]![1] !== long)).toEqual([]);
        const expected = value === undefined ? [`--${long}`, 'x'] : [`--${long}=x`];
        expect(normalised([spelling, 'x'], options)).toEqual(expected);
        if (value !== undefined) expect(normalised([`${spelling}=-x`], options)).toEqual([`--${long}=-x`]);
      }
    }
  });

  it('leaves values that look like options, and what follows --, as they are', () => {
    const table = { connect: { help: '', value: 'X' }, 'tls1-2': { help: '', openssl: ['tls1_2'] } };
    expect(normalised(['-connect', '-tls1_2', '-tls1_2', '-', 'x', '--', '-tls1_2'], table)).toEqual([
      '--connect=-tls1_2',
      '--tls1-2',
      '-',
      'x',
      '--',
      '-tls1_2',
    ]);
    expect(normalised(['-unknown', '-h', '-connect'], table)).toEqual(['--unknown', '-h', '--connect']);
  });

  it('says what was mistyped, and that a command was forgotten', async () => {
    expect((await run(['connect', '-conect', 'x'])).stderr).toContain('Did you mean --connect?');
    expect((await run(['conect'])).stderr).toContain('Did you mean connect?');
    expect((await run([])).code).toBe(2);
    expect((await run(['connect', '-starttls', 'gopher'])).stderr).toContain(
      'Allowed choices are smtp, imap',
    );
    expect((await run(['connect', '-connect'])).code).toBe(2);
    const codes = Object.values(exitCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('completions', () => {
  const scripts = new Map<string, string>();
  beforeAll(async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      scripts.set(shell, (await run(['completion', shell])).stdout);
  });

  it('of bash offer commands, flags in both spellings, and values', () => {
    const complete = (...words: string[]) => {
      const quoted = words.map((word) => `'${word}'`).join(' ');
      const script = `${scripts.get('bash')}\nCOMP_WORDS=(sealwire ${quoted}); COMP_CWORD=${words.length}; _sealwire; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout, error } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
      return error === undefined ? stdout.trim().split('\n') : undefined;
    };
    const first = complete('c');
    if (first === undefined) return void console.log('skipped: bash is not installed');
    expect(first).toEqual(['connect', 'cert', 'ciphers', 'completion']);
    expect(complete('cert', 's')).toEqual(['self-signed', 'sign', 'show']);
    expect(complete('connect', '-CA')).toEqual(['-CAfile', '-CApath']);
    expect(complete('cert', 'verify', '--un')).toEqual(['--untrusted']);
    expect(complete('connect', '-starttls', 'p')).toEqual(['pop3', 'postgres']);
    expect(complete('completion', 'z')).toEqual(['zsh']);
  });

  it.each([
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ] as const)('of %s are a script that it reads', (shell, args) => {
    const script = scripts.get(shell)!;
    for (const { name } of commands) expect(script).toContain(name.split(' ').at(-1)!);
    expect(script).toContain('CAfile');
    const { error, status, stderr } = spawnSync(shell, [...args, scriptFile(shell)], { encoding: 'utf8' });
    if (error !== undefined) console.log(`skipped: ${shell} is not installed`);
    else expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('work in fish', () => {
    const complete = (line: string) => {
      const words = `source ${scriptFile('fish')}; complete -C '${line}'`;
      const { stdout, error } = spawnSync('fish', ['--no-config', '-c', words], { encoding: 'utf8' });
      return error === undefined
        ? stdout
            .trim()
            .split(/\n/)
            .map((each) => each.split('\t')[0])
        : undefined;
    };
    const first = complete('sealwire c');
    if (first === undefined) return void console.log('skipped: fish is not installed');
    expect(first).toEqual(['cert', 'ciphers', 'completion', 'connect']);
    expect(complete('sealwire connect -starttls p')).toEqual(['pop3', 'postgres']);
    expect(complete('sealwire cert verify --un')).toEqual(['--untrusted']);
  });

  function scriptFile(shell: string): string {
    const file = join(scratch, `completions.${shell}`);
    writeFileSync(file, scripts.get(shell)!);
    return file;
  }
});
