/** The page of all error codes: their lists, their alerts, and the words of the places that make such errors. */
import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow, readText, root } from '../workspace.mjs';

/** @returns {Promise<string>} docs/error-codes.md */
export async function codesPage() {
  const { incompatibleCodes, internalCodes, localCodes, peerCodes, receivedCodes } = await import(
    join(root, 'packages/core/dist/errors/codes.js')
  );
  const { alertFor } = await import(join(root, 'packages/core/dist/errors/alerts.js'));
  const { x509ErrorCodes } = await import(join(root, 'packages/x509/dist/errors.js'));
  const ofTls = messagesOf('packages/core/src', Object.keys(alertFor));
  const ofFiles = messagesOf('packages/x509/src', x509ErrorCodes);
  /** @param {readonly string[]} codes */
  const tls = (codes) =>
    codes.map((code) => `| \`${code}\` | ${alertFor[code] ?? ''} | ${told(ofTls.get(code))} |`).join('\n');
  return `# All error codes

Every \`code\` of the errors of connections, files and stores: programs switch on them, they do not change. The words after them are for
people, and may; \`…\` stands for what differs. Where there are none, they are made elsewhere: of a decision, of a verifier, of what was
read.
What to do about those that one meets is in [what errors mean](errors.md). Written by \`pnpm docs:update\` from the sources; a check
holds this page to them.

\`\`\`ts
import { type ErrorCode, TlsError } from '@sealwire/core';

/** Whether another attempt may end otherwise: nobody has said no, and nobody broke a rule. */
export function mayTryAgain(error: unknown): boolean {
  if (!(error instanceof TlsError)) return true;
  const passing: readonly ErrorCode[] = ['peer.closedDuringHandshake', 'local.verificationUnavailable'];
  return passing.includes(error.code);
}
\`\`\`

## The peer broke a rule

\`TlsError\`, with the section of the RFC in \`section\`; the alert is what the peer hears.

| \`code\` | alert | words |
|---|---|---|
${tls(peerCodes)}

## Nothing in common

| \`code\` | alert | words |
|---|---|---|
${tls(incompatibleCodes)}

## We said no

| \`code\` | alert | words |
|---|---|---|
${tls(localCodes)}

## The peer said no, and defects

\`received.alert\` has the number of the alert in \`receivedAlert\`. \`internal.error\` is a defect: please report it.

| \`code\` | alert | words |
|---|---|---|
${tls([...receivedCodes, ...internalCodes])}

## Below TLS

\`TransportError\` of all transports.

| \`code\` | when |
|---|---|
${unionRows('packages/transport/src/errors.ts', 'TransportErrorCode')}

## Files, keys and certificates

\`X509Error\` of \`@sealwire/x509\`, when something is read. Why a chain is not trusted is said in [the words of OpenSSL](certificate-paths.md).

| \`code\` | words |
|---|---|
${x509ErrorCodes.map((/** @type {string} */ code) => `| \`${code}\` | ${told(ofFiles.get(code))} |`).join('\n')}

## Stores of sessions

\`SessionStoreError\` of \`@sealwire/session-cache\`, to \`onFailure\`: connections go on without.

| \`code\` | when |
|---|---|
${storeRows()}
`;
}

/**
 * What errors say, by code: where a code stands in a call, and the words right behind it. Parts that differ are shown as `…`.
 * @param {string} folder @param {readonly string[]} codes
 * @returns {Map<string, Set<string>>}
 */
function messagesOf(folder, codes) {
  /** @type {Map<string, Set<string>>} */
  const found = new Map(codes.map((code) => [code, new Set()]));
  for (const path of filesBelow(folder, /(?<!\.test)\.ts$/)) {
    const file = parse(path);
    /** @param {ts.Node} node */
    const visit = (node) => {
      for (const [code, text] of pairsIn(node)) found.get(code)?.add(text);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

/**
 * What stands side by side among the arguments of a call: a text, and words behind it.
 * @param {ts.Node} node
 * @returns {[code: string, words: string][]}
 */
function pairsIn(node) {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return [];
  const texts = (node.arguments ?? []).map(textsOf);
  return texts.flatMap((codes, i) =>
    (texts[i + 1] ?? [])
      .filter((text) => /[a-z]{3}/.test(text) && text.includes(' '))
      .flatMap((text) => codes.map((code) => /** @type {[string, string]} */ ([code, text]))),
  );
}

/** The texts that an expression may be, as far as it says them itself. @param {ts.Expression} node @returns {string[]} */
function textsOf(node) {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  return [];
}

/** @param {Set<string> | undefined} messages */
function told(messages) {
  return [...(messages ?? [])]
    .sort()
    .map((text) =>
      text
        .replace(/\s+/g, ' ')
        .replaceAll('|', '\\|')
        .replace(/([<>*_[\]])/g, '\\$1'),
    )
    .join('; ');
}

/** Members of a union of texts, each with the comment before it. @param {string} path @param {string} name */
function unionRows(path, name) {
  const file = parse(path);
  const type = file.statements.find((each) => ts.isTypeAliasDeclaration(each) && each.name.text === name);
  if (type === undefined || !ts.isTypeAliasDeclaration(type) || !ts.isUnionTypeNode(type.type))
    throw new Error(`${path}: expected a union ${name}`);
  const union = file.text.slice(type.type.pos, type.type.end);
  const rows = [...union.matchAll(/\/\*\*(.*?)\*\/\s*\| '([^']+)'/gs)];
  if (rows.length !== type.type.types.length) throw new Error(`${path}: a member of ${name} has no comment`);
  return rows.map(([, words = '', code]) => `| \`${code}\` | ${plain(words)} |`).join('\n');
}

/** The comment of the store's codes says each as `code`: words. */
function storeRows() {
  const file = parse('packages/session-cache/src/store-error.ts');
  const [, comment = '', union = ''] =
    /\/\*\*(.*?)\*\/\s*export type StoreErrorCode =(.*?);/s.exec(file.text) ?? [];
  const words = plain(comment);
  const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code);
  if (codes.length === 0) throw new Error('store-error.ts: expected a union StoreErrorCode');
  return codes
    .map((code) => {
      const [, meaning] = new RegExp(`\`${code}\`: (.*?)\\.(?= \`|$)`).exec(words) ?? [];
      if (meaning === undefined) throw new Error(`store-error.ts: the comment says nothing of ${code}`);
      return `| \`${code}\` | ${meaning} |`;
    })
    .join('\n');
}

/** @param {string} comment */
function plain(comment) {
  return comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @param {string} path */
function parse(path) {
  return ts.createSourceFile(path, readText(path), ts.ScriptTarget.ES2023, true);
}
