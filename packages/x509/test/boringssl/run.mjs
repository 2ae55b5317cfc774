import { chains } from './chains.mjs';
import { certificates } from './certificates.mjs';
import { nameConstraints } from './name-constraints.mjs';
import { names } from './names.mjs';
import { paths } from './paths.mjs';
import { revocation } from './revocation.mjs';
import { openScoreboard } from './scoreboard.mjs';
import { signatures } from './signatures.mjs';

/**
 * Runs the data of BoringSSL's pki/testdata, NIST's PKITS among it, through the built package:
 *
 *     node packages/x509/test/boringssl/run.mjs <a tree of github.com/google/boringssl>
 *
 * Their files are not ours to copy. Everything comes out as their tests say, or `explained.mjs` says why not. Anything else, an
 * explanation that nothing needs and a file that nobody looks at end in 1.
 */
const [tree] = process.argv.slice(2);
if (tree === undefined) {
  console.error('expected the path of a tree of github.com/google/boringssl');
  process.exit(2);
}
const scoreboard = openScoreboard(tree);
for (const part of [chains, paths, nameConstraints, names, certificates, signatures, revocation]) {
  part(scoreboard);
}
process.exitCode = scoreboard.finish() ? 0 : 1;
