import { posix } from 'node:path';
import {
  child,
  children,
  identifierName,
  isImportMeta,
  memberName,
  type SyntaxNode,
  stringValue,
  walk,
} from './syntax.ts';

/**
 * How one module refers to another: an import, a re-export, `import()`, `import('x').T` in a type, or a file named
 * for a worker or a child process (`new URL('./x.ts', import.meta.url)`).
 */
export interface Edge {
  readonly kind: 'import' | 'reexport' | 'dynamic' | 'type' | 'file';
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** What is taken from there, and under which name it is passed on (re-exports only); `*` is everything. */
  readonly names: readonly { readonly imported: string; readonly exported: string | null }[];
}

export interface ModuleExport {
  readonly name: string;
  readonly line: number;
  readonly isType: boolean;
}

type LineAt = (offset: number) => number;

/** What a module imports, passes on, loads later or starts. Specifiers that are computed are not seen. */
export function moduleEdges(program: SyntaxNode, lineAt: LineAt): Edge[] {
  const edges: Edge[] = [];
  const add = (kind: Edge['kind'], node: SyntaxNode, specifier: string | undefined, more?: Partial<Edge>): void => {
    if (specifier === undefined) return;
    const everything = [{ imported: '*', exported: null }];
    edges.push({ kind, specifier, line: lineAt(node.start), typeOnly: false, names: everything, ...more });
  };
  walk(program, ({ node }) => {
    switch (node.type) {
      case 'ImportDeclaration':
        add('import', node, stringValue(child(node, 'source')), importedNames(node));
        break;
      case 'ExportNamedDeclaration':
        add('reexport', node, stringValue(child(node, 'source')), passedOnNames(node));
        break;
      case 'ExportAllDeclaration': {
        const exported = nameOf(child(node, 'exported')) ?? '*';
        const names = [{ imported: '*', exported }];
        add('reexport', node, stringValue(child(node, 'source')), { names, typeOnly: node.exportKind === 'type' });
        break;
      }
      case 'ImportExpression':
        add('dynamic', node, stringValue(child(node, 'source')));
        break;
      case 'TSImportType':
        add('type', node, stringValue(child(node, 'source') ?? child(node, 'argument')), { typeOnly: true });
        break;
      case 'NewExpression':
      case 'CallExpression':
        add('file', node, namedFile(node));
        break;
    }
  });
  return edges;
}

function nameOf(node: SyntaxNode | undefined): string | undefined {
  return identifierName(node) ?? stringValue(node);
}

function importedNames(node: SyntaxNode): Partial<Edge> {
  const specifiers = children(node, 'specifiers');
  const names = specifiers.map((specifier) => {
    if (specifier.type === 'ImportDefaultSpecifier') return { imported: 'default', exported: null };
    if (specifier.type === 'ImportNamespaceSpecifier') return { imported: '*', exported: null };
    return { imported: nameOf(child(specifier, 'imported')) ?? '*', exported: null };
  });
  const allTypes = specifiers.length > 0 && specifiers.every((specifier) => specifier.importKind === 'type');
  return { names, typeOnly: node.importKind === 'type' || allTypes };
}

function passedOnNames(node: SyntaxNode): Partial<Edge> {
  const specifiers = children(node, 'specifiers');
  const names = specifiers.map((specifier) => ({
    imported: nameOf(child(specifier, 'local')) ?? '*',
    exported: nameOf(child(specifier, 'exported')) ?? '*',
  }));
  const allTypes = specifiers.length > 0 && specifiers.every((specifier) => specifier.exportKind === 'type');
  return { names, typeOnly: node.exportKind === 'type' || allTypes };
}

/**
 * The file that an expression names beside this module: `new URL('./x.ts', import.meta.url)`,
 * `import.meta.resolve('./x.ts')`, `join(import.meta.dirname, '..', 'x.ts')`.
 */
function namedFile(node: SyntaxNode): string | undefined {
  const [first, second] = children(node, 'arguments');
  const callee = child(node, 'callee');
  if (node.type === 'NewExpression') {
    if (identifierName(callee) !== 'URL' || !second || memberName(second) !== 'url') return undefined;
    return isImportMeta(child(second, 'object')) ? asRelative(stringValue(first)) : undefined;
  }
  if (callee && memberName(callee) === 'resolve' && isImportMeta(child(callee, 'object'))) return stringValue(first);
  if (!first || memberName(first) !== 'dirname' || !isImportMeta(child(first, 'object'))) return undefined;
  const parts = children(node, 'arguments').slice(1).map(stringValue);
  return parts.some((part) => part === undefined) ? undefined : asRelative(posix.join(...(parts as string[])));
}

function asRelative(path: string | undefined): string | undefined {
  if (path === undefined || path.startsWith('.')) return path;
  return /^[a-z]+:|^\//.test(path) ? undefined : `./${path}`;
}

/** The names that a module declares and exports itself. */
export function moduleExports(program: SyntaxNode, lineAt: LineAt): ModuleExport[] {
  const exports: ModuleExport[] = [];
  const add = (node: SyntaxNode, name: string | undefined, isType: boolean): void => {
    if (name !== undefined) exports.push({ name, line: lineAt(node.start), isType });
  };
  for (const node of children(program, 'body')) {
    if (node.type === 'ExportDefaultDeclaration') add(node, 'default', false);
    if (node.type !== 'ExportNamedDeclaration' || child(node, 'source')) continue;
    for (const specifier of children(node, 'specifiers')) {
      const isType = node.exportKind === 'type' || specifier.exportKind === 'type';
      add(specifier, nameOf(child(specifier, 'exported')), isType);
    }
    const declaration = child(node, 'declaration');
    if (!declaration) continue;
    const isType = declaration.type === 'TSInterfaceDeclaration' || declaration.type === 'TSTypeAliasDeclaration';
    if (declaration.type !== 'VariableDeclaration') add(declaration, identifierName(child(declaration, 'id')), isType);
    for (const declarator of children(declaration, 'declarations')) {
      for (const name of boundNames(child(declarator, 'id'))) add(declarator, name, false);
    }
  }
  return exports;
}

function boundNames(pattern: SyntaxNode | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [identifierName(pattern) as string];
    case 'ObjectPattern':
      return children(pattern, 'properties').flatMap((property) =>
        boundNames(child(property, property.type === 'RestElement' ? 'argument' : 'value')),
      );
    case 'ArrayPattern':
      return children(pattern, 'elements').flatMap(boundNames);
    case 'AssignmentPattern':
      return boundNames(child(pattern, 'left'));
    case 'RestElement':
      return boundNames(child(pattern, 'argument'));
    default:
      return [];
  }
}
