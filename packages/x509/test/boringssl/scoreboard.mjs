import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parsePem } from '@sealwire/x509';
import { explained, notUsed } from './explained.mjs';

/** Counts what comes out as BoringSSL's tests say, and which of their files have been looked at. */
export function openScoreboard(tree) {
  const folder = join(tree, 'pki/testdata');
  const counts = { 'as expected': 0, explained: 0, wrong: 0 };
  const needed = new Set();
  const looked = new Set();

  const wrong = (line) => {
    counts.wrong++;
    console.log(line);
  };

  function read(path) {
    looked.add(path);
    return readFileSync(join(folder, path));
  }

  return {
    read,
    /** Files under a folder of pki/testdata, as paths from there, whose names end so. */
    list: (under, ending) => filesUnder(folder, under).filter((path) => path.endsWith(ending)),
    /** A source file of theirs, for what it says of the data. */
    source: (name) => readFileSync(join(tree, 'pki', name), 'latin1'),
    /** PEM blocks by label. */
    blocks: (path) => new Map(parsePem(read(path)).map(({ label, der }) => [label, der])),
    /** One test: what it expects, and what comes out here. */
    compare(name, expected, got, detail = '') {
      if (expected === got) {
        counts['as expected']++;
      } else if (name in explained) {
        counts.explained++;
        needed.add(name);
      } else {
        wrong(`${name}: ${expected} there, ${got} here ${detail}`);
      }
    },
    /** Complains about explanations and exceptions that nothing needs, and files that nobody has looked at; true if all is well. */
    finish() {
      for (const name of Object.keys(explained)) {
        if (!needed.has(name)) wrong(`${name}: explained, but as expected or unknown`);
      }
      const exceptions = new Set();
      for (const path of filesUnder(folder, '').filter((one) => /\.(pem|der|crt|crl|test|pk8)$/.test(one))) {
        if (looked.has(path)) continue;
        const exception = Object.keys(notUsed).find((start) => path.startsWith(start));
        if (exception === undefined) wrong(`${path}: nobody has looked at this file`);
        else exceptions.add(exception);
      }
      for (const start of Object.keys(notUsed)) {
        if (!exceptions.has(start)) wrong(`${start}: said not to be used, but it is, or does not exist`);
      }
      console.log(
        Object.entries(counts)
          .map(([what, count]) => `${count} ${what}`)
          .join(', '),
      );
      return counts.wrong === 0 && counts['as expected'] > 0;
    },
  };
}

/** What a reading function makes of its input, in two words. */
export function readability(read) {
  try {
    read();
    return { got: 'read' };
  } catch (error) {
    if (error.name !== 'X509Error') throw error;
    return { got: 'refused', detail: `(${error.message})` };
  }
}

function filesUnder(folder, under) {
  return readdirSync(join(folder, under), { withFileTypes: true })
    .flatMap((entry) => {
      const path = under === '' ? entry.name : `${under}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(folder, path) : [path];
    })
    .toSorted();
}
