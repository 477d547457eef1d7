import ts from 'typescript';

export type Import = {
  specifier: string;
  /** Erased by the compiler: it cannot make a cycle at run time. */
  isTypeOnly: boolean;
};

/**
 * Everything a source file names: static, dynamic and type imports, re-exports, and what it loads
 * by `new URL('./x', import.meta.url)`. Of a Svelte file, its scripts.
 */
export function importsOf(path: string, text: string): readonly Import[] {
  const key = `${path}\n${text}`;
  const known = parsed.get(key);
  if (known) return known;
  const found = parseImports(path, text);
  parsed.set(key, found);
  return found;
}

/** Two tests ask of the same files. */
const parsed = new Map<string, readonly Import[]>();

/** What may stand deeper in a file than its statements. */
const DEEPER = /\bimport\s*\(|import\.meta\.url/;

function parseImports(path: string, text: string): Import[] {
  const script = path.endsWith('.svelte') ? scriptsOf(text) : text;
  const file = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier) found.push({ specifier: specifier.text, isTypeOnly: isTypeOnly(node) });
    if (isDeep) ts.forEachChild(node, visit);
  };
  const isDeep = DEEPER.test(script);
  for (const statement of file.statements) visit(statement);
  return found;
}

const scriptsOf = (text: string): string =>
  [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n');

function specifierOf(node: ts.Node): ts.StringLiteralLike | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literal(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return literal(node.argument.literal);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return literal(node.arguments[0]);
  }
  if (ts.isNewExpression(node) && isModuleUrl(node)) return fileLiteral(node.arguments?.[0]);
  return null;
}

const literal = (node: ts.Node | undefined): ts.StringLiteralLike | null =>
  node && ts.isStringLiteralLike(node) ? node : null;

/** A URL without an ending is a folder: the way to the repository's root, say. */
function fileLiteral(node: ts.Node | undefined): ts.StringLiteralLike | null {
  const found = literal(node);
  return found && /\.[a-z0-9]+$/.test(found.text) ? found : null;
}

/** `new URL('...', import.meta.url)`: how a bundler is told of a worker or an asset. */
function isModuleUrl(node: ts.NewExpression): boolean {
  const base = node.arguments?.[1];
  return (
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'URL' &&
    base !== undefined &&
    ts.isPropertyAccessExpression(base) &&
    base.name.text === 'url' &&
    ts.isMetaProperty(base.expression)
  );
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node)) return false;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  );
}
