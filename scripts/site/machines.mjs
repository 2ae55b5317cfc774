/**
 * What the handshake machines of core can do: the rows of each table, and from which state each handler leads where, which is read from
 * the sources. A handler leads to every state that it, or a function that it calls, builds: an object with that name in `at`. Where a
 * handler tells messages apart by `message.type`, so does this.
 */
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../workspace.mjs';

/** @typedef {{ at: string, reads: string[], asks?: string, commands: string[], data: string, ccs: string }} Row */
/** @typedef {{ from: string, to: string, by: string[], kind: 'message' | 'answer' | 'command' }} Edge */
/** @typedef {{ name: string, rows: Row[], edges: Edge[], entries: Edge[] }} Machine */

const source = join(root, 'packages/core/src');
const files = {
  'hello/client': ['hello/client-start.ts', undefined],
  'hello/server': ['hello/server-start.ts', undefined],
  'tls13/client': ['tls13/client/machine.ts', 'tls13/client/module.ts'],
  'tls13/server': ['tls13/server/machine.ts', 'tls13/server/module.ts'],
  'tls12/client': ['tls12/client/machine.ts', 'tls12/client/module.ts'],
  'tls12/server': ['tls12/server/machine.ts', 'tls12/server/module.ts'],
};

/** @returns {Promise<Record<string, { name: string, rows: Record<string, any> }>>} the tables, as they are built */
async function tables() {
  const part = (/** @type {string} */ file) => import(join(root, 'packages/core/dist', file));
  const { protocolVersions } = await part('registry/versions.js');
  const { profileOf } = await part('tls12/profile.js');
  const profile = profileOf(protocolVersions.tls12);
  return {
    'hello/client': (await part('hello/client-start.js')).clientStart,
    'hello/server': (await part('hello/server-start.js')).serverStart,
    'tls13/client': (await part('tls13/client/machine.js')).clientMachine,
    'tls13/server': (await part('tls13/server/machine.js')).serverMachine,
    'tls12/client': (await part('tls12/client/machine.js')).clientMachine(profile),
    'tls12/server': (await part('tls12/server/machine.js')).serverMachine(profile),
  };
}

/** @returns {Promise<Record<keyof typeof files, Machine>>} */
export async function readMachines() {
  const built = await tables();
  const paths = [...new Set(Object.values(files).flat())].flatMap((file) =>
    file === undefined ? [] : [join(source, file)],
  );
  const program = ts.createProgram(paths, {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
    strict: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
  });
  const checker = program.getTypeChecker();
  const read = (/** @type {string} */ file) => {
    const found = program.getSourceFile(join(source, file));
    if (found === undefined) throw new Error(`expected ${file} of core`);
    return found;
  };
  return /** @type {Record<keyof typeof files, Machine>} */ (
    Object.fromEntries(
      Object.entries(files).map(([room, [file = '', module]]) => [
        room,
        machineOf(
          built[room],
          read(file),
          module === undefined ? undefined : read(module),
          room.endsWith('client'),
        ),
      ]),
    )
  );

  /** @param {any} machine @param {ts.SourceFile} file @param {ts.SourceFile | undefined} module @param {boolean} isClient */
  function machineOf(machine, file, module, isClient) {
    const [, , , handlers] = definition(file);
    const table = Object.entries(machine.rows).map(([at, row]) => ({ at, ...row }));
    const states = new Set(table.map(({ at }) => at));
    const parts = Object.fromEntries(members(object(handlers)));
    /** @type {Edge[]} */
    const edges = [];
    const lead = (
      /** @type {string} */ from,
      /** @type {ts.Node} */ handler,
      /** @type {string} */ by,
      /** @type {Edge['kind']} */ kind,
    ) => {
      // Elsewhere a state that is handed on is that of a connection that fails.
      for (const to of leads(handler, kind === 'message' ? by : undefined))
        if (states.has(to) && (to !== from || from === 'connected')) add(edges, { from, to, by: [by], kind });
    };
    for (const row of table) {
      const handler = (/** @type {string} */ part) =>
        Object.fromEntries(members(object(parts[part])))[row.at];
      const onMessage = handler('onMessage');
      if (onMessage !== undefined) for (const type of row.reads) lead(row.at, onMessage, type, 'message');
      const onReply = handler('onReply');
      if (onReply !== undefined) lead(row.at, onReply, row.asks ?? '', 'answer');
      const onCommand = handler('onCommand');
      if (onCommand !== undefined) lead(row.at, onCommand, row.commands.join(', '), 'command');
    }
    /** @type {Edge[]} */
    const entries = [];
    if (module !== undefined) {
      const side = entryOf(module, isClient ? 'onServerHello' : 'onClientHello');
      const types = isClient
        ? ['server_hello', 'hello_retry_request', 'legacy_server_hello']
        : ['client_hello'];
      // A server has chosen its configuration by then.
      const how = isClient
        ? (/** @type {string} */ type) => ({
            from: 'awaitServerHello',
            by: [type],
            kind: /** @type {const} */ ('message'),
          })
        : () => ({ from: 'decideConfig', by: ['chooseConfig'], kind: /** @type {const} */ ('answer') });
      for (const type of types)
        for (const to of leads(side, type)) if (states.has(to)) add(entries, { ...how(type), to });
      // Its own way to another handshake, after the ClientHello.
      const again = isClient ? member(module, 'awaitServerHello') : undefined;
      if (again !== undefined)
        for (const to of leads(again, undefined))
          add(entries, { from: 'decidePsk', to, by: ['lookupPsk'], kind: 'answer' });
    }
    return { name: machine.name, rows: table, edges, entries };
  }

  /** The arguments of `defineMachine<…>()(…)`. @param {ts.SourceFile} file */
  function definition(file) {
    const call = find(
      file,
      (node) =>
        ts.isCallExpression(node) &&
        ts.isCallExpression(node.expression) &&
        node.expression.expression.getText() === 'defineMachine',
    );
    if (call === undefined) throw new Error(`expected defineMachine in ${file.fileName}`);
    return /** @type {ts.CallExpression} */ (call).arguments;
  }

  /** @param {ts.SourceFile} module @param {string} name */
  function member(module, name) {
    return find(
      module,
      (node) =>
        (ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node)) && node.name.getText() === name,
    );
  }

  /** @param {ts.SourceFile} module @param {string} name */
  function entryOf(module, name) {
    const found = member(module, name);
    if (found === undefined) throw new Error(`expected ${name} in ${module.fileName}`);
    return found;
  }

  /** @param {ts.Type} type @returns {string[]} */
  function literals(type) {
    if (type.isUnion()) return type.types.flatMap(literals);
    return type.isStringLiteral() ? [type.value] : [];
  }

  /**
   * The states that a handler leads to, for one type of message or any.
   * @param {ts.Node} handler @param {string | undefined} type @returns {Set<string>}
   */
  function leads(handler, type) {
    /** @type {Set<string>} */
    const found = new Set();
    /** @type {Set<ts.Node>} */
    const seen = new Set();
    visit(handler);
    return found;

    /** @param {ts.Node} node */
    function visit(node) {
      if (ts.isTypeNode(node)) return;
      const choice = type === undefined ? undefined : branches(node, type);
      if (choice !== undefined) {
        choice.forEach(visit);
        return;
      }
      if (ts.isBlock(node) && type !== undefined) {
        for (const statement of node.statements) {
          visit(statement);
          const [chosen] = branches(statement, type) ?? [];
          if (chosen !== undefined && isEnd(chosen)) return;
        }
        return;
      }
      if (ts.isPropertyAssignment(node) && node.name.getText() === 'at')
        for (const at of literals(checker.getTypeAtLocation(node.initializer))) found.add(at);
      if (isStateField(node)) for (const at of carried(node)) found.add(at);
      // What is kept for later, as a field of something, leads nowhere now.
      if (ts.isIdentifier(node) && (node === handler || ts.isCallExpression(node.parent))) called(node);
      ts.forEachChild(node, visit);
    }

    /** @param {ts.Identifier} name */
    function called(name) {
      let symbol = ts.isShorthandPropertyAssignment(name.parent)
        ? checker.getShorthandAssignmentValueSymbol(name.parent)
        : checker.getSymbolAtLocation(name);
      if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias)
        symbol = checker.getAliasedSymbol(symbol);
      const declaration = symbol?.valueDeclaration;
      if (declaration === undefined || seen.has(declaration)) return;
      if (!declaration.getSourceFile().fileName.startsWith(source)) return;
      const isFunction =
        ts.isFunctionDeclaration(declaration) ||
        (ts.isVariableDeclaration(declaration) &&
          declaration.initializer !== undefined &&
          (ts.isArrowFunction(declaration.initializer) || ts.isFunctionExpression(declaration.initializer)));
      if (!isFunction) return;
      seen.add(declaration);
      ts.forEachChild(declaration, visit);
    }
  }

  /** `state: x`, or `state` alone, of what a handler returns. @param {ts.Node} node */
  function isStateField(node) {
    return (
      (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) &&
      node.name.getText() === 'state'
    );
  }

  /** A state that is handed on as it is, or with other fields. @param {ts.Node} node @returns {string[]} */
  function carried(node) {
    const value = ts.isPropertyAssignment(node) ? node.initializer : undefined;
    const type =
      value === undefined
        ? checker.getTypeOfSymbol(/** @type {ts.Symbol} */ (checker.getShorthandAssignmentValueSymbol(node)))
        : checker.getTypeAtLocation(value);
    const at = type.isUnion() ? undefined : type.getProperty('at');
    return at === undefined ? [] : literals(checker.getTypeOfSymbol(at));
  }
}

/** The parts of a node that count for a message of this type; undefined where it does not ask for the type. @param {ts.Node} node @param {string} type */
function branches(node, type) {
  if (ts.isSwitchStatement(node) && node.expression.getText() === 'message.type') {
    const clauses = node.caseBlock.clauses;
    const at = clauses.findIndex((each) => ts.isCaseClause(each) && text(each.expression) === type);
    const start = at === -1 ? clauses.findIndex(ts.isDefaultClause) : at;
    // A clause without statements falls through to the next.
    const end = clauses.findIndex((each, i) => i >= start && each.statements.length > 0);
    return start === -1 ? [] : [...(clauses[end]?.statements ?? [])];
  }
  const condition = ts.isConditionalExpression(node)
    ? node.condition
    : ts.isIfStatement(node)
      ? node.expression
      : undefined;
  const holds = condition === undefined ? undefined : holdsFor(condition, type);
  if (holds === undefined) return undefined;
  if (ts.isConditionalExpression(node)) return [holds ? node.whenTrue : node.whenFalse];
  const { thenStatement, elseStatement } = /** @type {ts.IfStatement} */ (node);
  return holds ? [thenStatement] : elseStatement === undefined ? [] : [elseStatement];
}

/** What a condition is for messages of this type; undefined where that does not settle it. @param {ts.Expression} condition @param {string} type @returns {boolean | undefined} */
function holdsFor(condition, type) {
  if (!ts.isBinaryExpression(condition)) return undefined;
  const { left, right, operatorToken } = condition;
  const decides = new Map([
    [ts.SyntaxKind.BarBarToken, true],
    [ts.SyntaxKind.AmpersandAmpersandToken, false],
  ]).get(operatorToken.kind);
  if (decides !== undefined) {
    const both = [holdsFor(left, type), holdsFor(right, type)];
    if (both.includes(decides)) return decides;
    return both.includes(undefined) ? undefined : !decides;
  }
  if (left.getText() !== 'message.type' || !ts.isStringLiteral(right)) return undefined;
  return (right.text === type) === (operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken);
}

/** Whether nothing follows. @param {ts.Node} node @returns {boolean} */
function isEnd(node) {
  if (ts.isBlock(node)) return node.statements.some(isEnd);
  return ts.isReturnStatement(node) || ts.isThrowStatement(node);
}

/** @param {Edge[]} edges @param {Edge} edge */
function add(edges, edge) {
  const known = edges.find(
    ({ from, to, kind }) => from === edge.from && to === edge.to && kind === edge.kind,
  );
  if (known === undefined) edges.push(edge);
  else known.by.push(...edge.by);
}

/** @param {ts.Node} node @param {(node: ts.Node) => boolean} test @returns {ts.Node | undefined} */
function find(node, test) {
  return test(node) ? node : ts.forEachChild(node, (child) => find(child, test));
}

/** @param {ts.Node | undefined} node @returns {ts.ObjectLiteralExpression} */
function object(node) {
  if (node === undefined || !ts.isObjectLiteralExpression(node))
    throw new Error(`expected an object, got ${node?.getText()}`);
  return node;
}

/** @param {ts.ObjectLiteralExpression} node @returns {[string, ts.Node][]} */
function members(node) {
  return node.properties.flatMap((each) => {
    if (ts.isPropertyAssignment(each))
      return [/** @type {[string, ts.Node]} */ ([each.name.getText(), each.initializer])];
    if (ts.isMethodDeclaration(each)) return [/** @type {[string, ts.Node]} */ ([each.name.getText(), each])];
    if (ts.isShorthandPropertyAssignment(each))
      return [/** @type {[string, ts.Node]} */ ([each.name.text, each.name])];
    throw new Error(`expected a plain member, got ${each.getText()}`);
  });
}

/** @param {ts.Node | undefined} node */
function text(node) {
  if (node === undefined || !(ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)))
    throw new Error(`expected a string, got ${node?.getText()}`);
  return node.text;
}
