import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliases } from '../../src/openssl/cipher-aliases.ts';
import { parseCipherString } from '../../src/openssl/cipher-string.ts';
import { suitesOf } from '../../src/openssl/suites.ts';
import { isFull } from './builtin.ts';
import { cipherStrings } from './grammar.ts';

/** The language alone, beside `openssl ciphers`, which also prints what no client would offer: PSK, SRP, what a level forbids. */
const runs = isFull ? 4_000 : 300;
const version = /^OpenSSL (3\.0\.\d+)/.exec(
  spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];

describe('beside openssl ciphers', () => {
  if (version === undefined) {
    const reason = 'beside openssl ciphers: no openssl command of version 3.0';
    console.log(`skipped: ${reason}`);
    it.skip(reason);
    return;
  }

  it('selects the same suites in the same order', () => {
    let selecting = 0;
    fc.assert(
      fc.property(cipherStrings, (text) => {
        const names = printed(text);
        expect(selected(text)).toEqual(names);
        if (names !== undefined) selecting += 1;
      }),
      { seed: 20_261_122, numRuns: runs, endOnFailure: !isFull },
    );
    expect(selecting).toBeGreaterThan(runs / 4);
  });

  it.each([...aliases.keys()])('knows %s', (word) => {
    expect(selected(word)).toEqual(printed(word));
    expect(selected(`ALL:COMPLEMENTOFALL:!${word}`)).toEqual(printed(`ALL:COMPLEMENTOFALL:!${word}`));
  });

  it('has all names, and nothing but names', () => {
    const lines = execFileSync('openssl', ['ciphers', '-V', '-stdname', everything], { encoding: 'utf8' });
    const rows = [...lines.matchAll(/0x(..),0x(..) - (\S+)\s+- (\S+)\s+(\S+)/g)].map(
      ([, high, low, standardName, name, since]) => [Number(`0x${high}${low}`), name, standardName, since],
    );
    const byId = (a: unknown[], b: unknown[]): number => Number(a[0]) - Number(b[0]);
    const old = suitesOf('3.0').filter(({ since }) => since !== 'TLSv1.3');
    expect(old.map((s) => [s.id, s.name, s.standardName, s.since]).sort(byId)).toEqual(
      rows.filter(([, , , since]) => since !== 'TLSv1.3').sort(byId),
    );
  });
});

/** What a level forbids is not printed: the last that is named is 0. */
function printed(text: string): string[] | undefined {
  // A sign in front would make it an option of the command.
  const { status, stdout } = spawnSync('openssl', ['ciphers', lenient(text)], { encoding: 'utf8' });
  return status === 0 ? named(stdout.trim().split(':')) : undefined;
}

function selected(text: string): string[] | undefined {
  const names = parseCipherString(lenient(text), '3.0')?.suites.map(({ name }) => name);
  return names?.length === 0 ? undefined : names;
}

function lenient(text: string): string {
  return `${text.startsWith('-') ? ':' : ''}${text}:@SECLEVEL=0`;
}

function named(names: readonly string[]): string[] {
  return names.filter((name) => !name.startsWith('TLS_'));
}

const everything = 'ALL:COMPLEMENTOFALL:@SECLEVEL=0';
