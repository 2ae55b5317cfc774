/**
 * A program whose objects can be copied, and which nothing else can tell from the original: ordinary fields in place of
 * private ones, with names of their own for each class; and functions in object literals that know a `this` are listed
 * in `globalThis.ownedFunctions`, with it and with what makes such a function of another.
 */
import ts from 'typescript';

/** @param {string} program @returns {string} */
export function unsealed(program) {
  const source = ts.createSourceFile('program.mjs', program, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  /** @type {{ at: number, end: number, text: string }[]} */
  const edits = [];
  let classes = 0;
  /**
   * @param {ts.Node} node @param {ReadonlyMap<string, string>} names of private fields where it stands
   * @param {string} self what `this` is called there
   */
  const visit = (node, names, self) => {
    let known = names;
    let own = self;
    if (ts.isArrowFunction(node) && ts.isPropertyAssignment(node.parent) && knowsThis(node)) {
      const at = node.getStart(source);
      edits.push({ at, end: at, text: `ownedFunction$(${self}, (self$) => ` });
      ts.forEachChild(node, (child) => visit(child, names, 'self$'));
      edits.push({ at: node.end, end: node.end, text: ')' });
      return;
    }
    if (node.kind === ts.SyntaxKind.ThisKeyword && self !== 'this') {
      edits.push({ at: node.getStart(source), end: node.end, text: self });
    }
    if (hasOwnThis(node)) own = 'this';
    if (ts.isClassLike(node)) {
      const number = classes++;
      const fields = node.members.flatMap(({ name }) =>
        name && ts.isPrivateIdentifier(name) ? [name.text] : [],
      );
      known = new Map([
        ...names,
        ...fields.map((name) => /** @type {const} */ ([name, `${name.slice(1)}$of${number}`])),
      ]);
    }
    if (ts.isPrivateIdentifier(node)) {
      const name = known.get(node.text);
      if (name === undefined) throw new Error(`${node.text} is not declared where it is used`);
      const isTested = ts.isBinaryExpression(node.parent) && node.parent.left === node;
      edits.push({ at: node.getStart(source), end: node.end, text: isTested ? `'${name}'` : name });
    }
    ts.forEachChild(node, (child) => visit(child, known, own));
  };
  visit(source, new Map(), 'this');
  let text = '';
  let at = 0;
  for (const edit of edits) {
    text += program.slice(at, edit.at) + edit.text;
    at = edit.end;
  }
  return `${preface}${text}${program.slice(at)}`;
}

/** @param {ts.Node} node @returns {boolean} whether `this` stands in it and comes from around it */
function knowsThis(node) {
  return (
    node.kind === ts.SyntaxKind.ThisKeyword ||
    (!hasOwnThis(node) && (ts.forEachChild(node, (child) => knowsThis(child) || undefined) ?? false))
  );
}

/** @param {ts.Node} node */
function hasOwnThis(node) {
  return (
    ts.isClassLike(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    (ts.isObjectLiteralElement(node) && !ts.isPropertyAssignment(node) && ts.isFunctionLike(node))
  );
}

const preface = `globalThis.ownedFunctions = new WeakMap();
function ownedFunction$(owner, make) {
  const made = make(owner);
  globalThis.ownedFunctions.set(made, { owner, make: (other) => ownedFunction$(other, make) });
  return made;
}
`;
