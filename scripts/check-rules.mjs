/**
 * House rules that no off-the-shelf linter knows: file sizes, purity, what may be thrown, where versions may
 * be compared, and that a test is skipped only where a reason is printed. Purity and comparisons are looked up in the syntax tree, so comments and strings are free.
 *
 * Runs itself first on small sources that break each rule: a rule that no longer bites fails the check.
 */
import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow, readText, report, root } from './workspace.mjs';

const maxLines = 600;
const warnLines = 400;

/** @typedef {{ file: string, source: ts.SourceFile, checker: ts.TypeChecker | undefined }} Subject */
/** @typedef {(node: ts.Node, subject: Subject) => string | undefined} Rule */

const all = ['packages', 'conformance', 'interop', 'bench', 'examples', 'scripts']
  .flatMap((folder) => filesBelow(folder, /\.(ts|mjs)$/))
  .filter((file) => !file.endsWith('.d.ts'));
const sources = all.filter(
  (file) => /^packages\/[^/]+\/(src|test)\/.*\.ts$/.test(file) || file.endsWith('.test.ts'),
);

/** @returns {string[]} */
function sizes() {
  const code = all.filter((file) => !isData(file));
  return code.flatMap((file) => tooLong(file, readText(file).split('\n').length - 1));
}

/** @param {string} file @param {number} lines @returns {string[]} */
function tooLong(file, lines) {
  if (lines > maxLines) return [`${file}: ${lines} lines, the limit is ${maxLines}`];
  if (lines > warnLines) console.log(`  warning: ${file} has ${lines} lines; split it before ${maxLines}`);
  return [];
}

/** What was generated, or copied out of a standard, is as long as it is. */
/** @param {string} file */
function isData(file) {
  return /-(data|facts|traces)\.(ts|mjs)$|\/vectors[/-]/.test(file);
}

/** @returns {string[]} */
function syntax() {
  // What is thrown is a matter of types; all other rules need the syntax alone, which is there much sooner.
  const typed = sources.filter((file) => rulesFor(file).includes(onlyOwnErrors));
  const program = ts.createProgram(
    typed.map((file) => join(root, file)),
    {
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      types: [],
      noEmit: true,
      strict: true,
      ...nodeNext,
    },
  );
  const checker = program.getTypeChecker();
  const found = typed.flatMap((file) => {
    const source = program.getSourceFile(join(root, file));
    return source === undefined ? [`${file}: not read`] : broken({ file, source, checker });
  });
  const rest = sources.filter((file) => rulesFor(file).length > 0 && !typed.includes(file));
  for (const file of rest) {
    const source = ts.createSourceFile(file, readText(file), ts.ScriptTarget.ES2023, true);
    found.push(...broken({ file, source, checker: undefined }));
  }
  return found;
}

/** @param {Subject} subject @returns {string[]} */
function broken(subject) {
  const rules = rulesFor(subject.file);
  /** @type {string[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    for (const rule of rules) {
      const problem = rule(node, subject);
      if (problem === undefined) continue;
      const { line } = subject.source.getLineAndCharacterOfPosition(node.getStart(subject.source));
      found.push(`${subject.file}:${line + 1}: ${problem}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(subject.source);
  return found;
}

/** @param {string} file @returns {Rule[]} */
function rulesFor(file) {
  if (file.endsWith('.test.ts')) return [noSilentSkip];
  if (/^packages\/(x509|crypto-noble)\/src\//.test(file)) return [noNode];
  if (!file.startsWith('packages/core/src/')) return [];
  const mayCompareVersions = /\/src\/(negotiate\/version\.ts|hello\/|tls12\/profile\.ts)/.test(file);
  return [noNode, noAmbient, onlyOwnErrors, ...(mayCompareVersions ? [] : [noVersionComparison])];
}

/** @type {Rule} */
function noSilentSkip(node, { source }) {
  if (
    !ts.isCallExpression(node) ||
    !/^(it|test|describe)\b.*\.(skip|skipIf|runIf|todo)$/s.test(node.expression.getText())
  ) {
    return undefined;
  }
  return /\bconsole\.\w+\(/.test(source.text) ? undefined : 'skips tests and prints no reason';
}

/** @type {Rule} */
function noNode(node) {
  if (ts.isStringLiteral(node) && node.text.startsWith('node:') && isModuleSpecifier(node)) {
    return `imports ${node.text}`;
  }
  if (ts.isIdentifier(node) && node.text === 'Buffer' && !isPropertyName(node)) return 'uses Buffer';
  return undefined;
}

/** Nothing of the host: no clock, no dice, no waiting, no talking. */
/** @type {Rule} */
function noAmbient(node) {
  if (ts.isIdentifier(node) && hostNames.has(node.text) && !isPropertyName(node)) return `uses ${node.text}`;
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'is async';
  if (ts.isAwaitExpression(node)) return 'awaits';
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) {
    return 'reads the clock with new Date()';
  }
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const access = `${node.expression.getText()}.${node.name.text}`;
  return hostCalls.has(access) ? `uses ${access}` : undefined;
}

/** `throw` takes a TlsError, ApiMisuseError or InternalError, or passes on what it caught. */
/** @type {Rule} */
function onlyOwnErrors(node, { checker }) {
  if (!ts.isThrowStatement(node)) return undefined;
  const thrown = node.expression;
  if (ts.isIdentifier(thrown) && isCaughtHere(thrown)) return undefined;
  const name =
    checker === undefined
      ? thrown.getText().replace(/^new (\w+).*$/s, '$1')
      : checker.typeToString(checker.getTypeAtLocation(thrown));
  const thrownTypes = name.split(' | ');
  return thrownTypes.every((each) => ownErrors.has(each)) ? undefined : `throws ${name}`;
}

/** Version numbers are compared in one place; elsewhere a profile field or a version module says it. */
/** @type {Rule} */
function noVersionComparison(node) {
  if (ts.isSwitchStatement(node) && isVersion(node.expression)) return 'switches on a version number';
  if (!ts.isBinaryExpression(node) || !comparisons.has(node.operatorToken.kind)) return undefined;
  const sides = [node.left, node.right];
  if (sides.some((side) => side.getText() === 'undefined' || isLegacy(side))) return undefined;
  return sides.some(isVersion) ? `compares a version number: ${node.getText()}` : undefined;
}

/** @param {ts.Expression} expression */
function isVersion(expression) {
  if (ts.isNumericLiteral(expression)) return /^0x030[0-4]$/i.test(expression.getText());
  const name = lastName(expression);
  return name !== undefined && (/(^v|V)ersion$/.test(name) || /^(tls|ssl)_?v?[0-3]_?\d?$/i.test(name));
}

/** Fields such as legacy_version are constants of the wire: checking them decides nothing. */
/** @param {ts.Expression} expression */
function isLegacy(expression) {
  return /legacy/i.test(lastName(expression) ?? '');
}

/** @param {ts.Expression} expression */
function lastName(expression) {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : undefined;
}

/** @param {ts.Identifier} thrown */
function isCaughtHere(thrown) {
  for (let node = /** @type {ts.Node} */ (thrown); node !== undefined; node = node.parent) {
    if (ts.isCatchClause(node) && node.variableDeclaration?.name.getText() === thrown.text) return true;
  }
  return false;
}

/** @param {ts.Node} node */
function isModuleSpecifier({ parent }) {
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isCallExpression(parent);
}

/** `x.name`, `{ name: … }`, and members that are called so: not a use of the global. */
/** @param {ts.Identifier} node */
function isPropertyName({ parent, text }) {
  const named = /** @type {{ name?: ts.Node }} */ (parent);
  if (ts.isPropertyAccessExpression(parent))
    return parent.name.text === text && parent.expression.getText() !== text;
  const isMember = ts.isPropertyAssignment(parent) || ts.isTypeElement(parent) || ts.isClassElement(parent);
  return isMember && named.name?.getText() === text;
}

/** @returns {string[]} */
function selfTest() {
  const failures = [];
  for (const [file, text, expected] of samples) {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
    const found = broken({ file, source, checker: undefined });
    if (found.length !== expected) {
      failures.push(
        `self-test: ${JSON.stringify(text)} in ${file} gave ${found.length} problems, not ${expected}`,
      );
    }
  }
  if (tooLong('a.ts', maxLines + 1).length !== 1 || tooLong('a.ts', warnLines).length !== 0)
    failures.push('self-test: sizes are not judged rightly');
  console.log(`self-test: ${samples.length + 2} samples`);
  return failures;
}

const ownErrors = new Set(['TlsError', 'ApiMisuseError', 'InternalError', 'never']);
const hostCalls = new Set(['Date.now', 'Math.random', 'performance.now']);
const hostNames = new Set([
  'Promise',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'queueMicrotask',
  'TextEncoder',
  'TextDecoder',
  'globalThis',
  'fetch',
]);
const comparisons = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const nodeNext = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
};

/** @type {[file: string, text: string, problems: number][]} */
const samples = [
  ['packages/core/src/tls13/a.ts', "import { x } from 'node:net';", 1],
  ['packages/core/src/tls13/a.ts', "const x = 'node:net'; // Buffer, Date.now()", 0],
  ['packages/core/src/tls13/a.ts', 'const x = Buffer.alloc(1);', 1],
  ['packages/core/src/tls13/a.ts', 'const x = Date.now() + Math.random();', 2],
  ['packages/core/src/tls13/a.ts', 'async function f() { await 1; }', 2],
  ['packages/core/src/tls13/a.ts', 'setTimeout(() => console.log(1));', 2],
  ['packages/core/src/tls13/a.ts', 'const x = { fetch: 1 }; f(x.fetch);', 0],
  ['packages/core/src/tls13/a.ts', "throw new Error('x');", 1],
  ['packages/core/src/tls13/a.ts', "throw new TlsError('peer.badFinished', 'x');", 0],
  ['packages/core/src/tls13/a.ts', 'try { f(); } catch (error) { throw error; }', 0],
  ['packages/core/src/tls13/a.ts', 'if (version >= 0x0303) f();', 1],
  ['packages/core/src/tls13/a.ts', 'if (hello.version === tls12) f();', 1],
  ['packages/core/src/tls13/a.ts', 'switch (session.version) { default: }', 1],
  ['packages/core/src/tls13/a.ts', 'if (hello.legacyVersion !== 0x0303 || version === undefined) f();', 0],
  ['packages/core/src/hello/a.ts', 'if (version >= 0x0303) f();', 0],
  ['packages/core/src/tls12/profile.ts', 'if (version >= 0x0303) f();', 0],
  ['packages/core/src/tls13/a.test.ts', "throw new Error('x');", 0],
  ['packages/core/src/tls13/a.test.ts', "test.skip('x', f); it.skipIf(true)('y', f);", 2],
  ['packages/core/src/tls13/a.test.ts', "test.skip('x', f); console.log('skipped: no vectors');", 0],
  ['conformance/a.test.ts', "it.todo('x');", 1],
  ['packages/x509/src/a.ts', "import 'node:fs'; f(Buffer); throw new Error('x');", 2],
  ['packages/crypto-noble/src/a.ts', 'f(Buffer);', 1],
];

const problems = [...selfTest(), ...sizes(), ...syntax()];
report(
  problems,
  `${all.length} files for size, ${sources.length} for purity, throw, version comparisons and skips`,
);
