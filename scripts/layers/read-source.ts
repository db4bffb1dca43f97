import { posix } from 'node:path';
import ts from 'typescript';

/** A file of src/ as the rules see it. */
export interface Source {
  readonly path: string;
  readonly lines: number;
  /** Imports that exist at run time. */
  readonly imports: readonly Import[];
  /** Uses of the process's stdout and of its end. */
  readonly effects: readonly Effect[];
}

export interface Import {
  /** Path from the root of the project for a file, the package's name for a package, `node:…` for Node's own. */
  readonly to: string;
  readonly isFile: boolean;
  readonly lazy: boolean;
  readonly line: number;
}

export interface Effect {
  readonly what: string;
  readonly line: number;
  /** `process.stdout` itself, given to a function or put in an object, not written to. */
  readonly handedOver: boolean;
}

/** Read one file of TypeScript. `path` is from the root of the project, with slashes. */
export function readSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const effects: Effect[] = [];
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  visit(file);
  return { path, lines: text.split('\n').length - 1, imports, effects };

  function visit(node: ts.Node): void {
    const found = importOf(node);
    if (found) {
      const isFile = found.specifier.startsWith('.');
      imports.push({ to: target(path, found.specifier), isFile, lazy: found.lazy, line: lineOf(node) });
    }
    const what = effectOf(node);
    if (what) effects.push({ what, line: lineOf(node), handedOver: isHandedOver(node, what) });
    ts.forEachChild(node, visit);
  }
}

function importOf(node: ts.Node): { specifier: string; lazy: boolean } | undefined {
  if (ts.isImportDeclaration(node) && !node.importClause?.isTypeOnly)
    return named(node.moduleSpecifier, false);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && !node.isTypeOnly)
    return named(node.moduleSpecifier, false);
  if (!ts.isCallExpression(node)) return undefined;
  const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const required = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return dynamic || required ? named(node.arguments[0], true) : undefined;
}

function named(specifier: ts.Expression | undefined, lazy: boolean): { specifier: string; lazy: boolean } {
  return { specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : '(computed)', lazy };
}

function target(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const ends = new Set(['exit', 'reallyExit', 'abort']);
const consoleToStderr = new Set(['error', 'warn', 'trace', 'assert']);

/** What a node does to stdout or to the process, such as `process.exit`; undefined for most nodes. */
function effectOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return memberEffect(node.expression, node.name.text);
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return memberEffect(node.expression, node.argumentExpression.text);
  }
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
    const whole = node.parent.parent;
    const name = (node.propertyName ?? node.name).getText();
    return ts.isVariableDeclaration(whole) && whole.initializer
      ? memberEffect(whole.initializer, name)
      : undefined;
  }
  if (
    ts.isImportSpecifier(node) &&
    /^['"](node:)?process['"]$/.test(node.parent.parent.parent.moduleSpecifier.getText())
  ) {
    return processEffect((node.propertyName ?? node.name).getText());
  }
  if (ts.isCallExpression(node) && /(^|\.)write(v)?(Sync)?$/.test(node.expression.getText())) {
    return node.arguments[0]?.getText() === '1' ? 'a write to descriptor 1' : undefined;
  }
  return undefined;
}

function memberEffect(object: ts.Expression, member: string): string | undefined {
  const owner = object.getText().replace(/^globalThis\./, '');
  if (owner === 'process') return processEffect(member);
  return owner === 'console' && !consoleToStderr.has(member) ? `console.${member}` : undefined;
}

function processEffect(member: string): string | undefined {
  return member === 'stdout' || ends.has(member) ? `process.${member}` : undefined;
}

function isHandedOver(node: ts.Node, what: string): boolean {
  if (what !== 'process.stdout' || !ts.isPropertyAccessExpression(node)) return false;
  const { parent } = node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent))
    return parent.arguments?.includes(node) ?? false;
  return ts.isPropertyAssignment(parent) && parent.initializer === node;
}
