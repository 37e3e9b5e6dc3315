import { parseSync } from 'rolldown/utils';

/** A node of the syntax tree (ESTree with TypeScript, as oxc gives it); offsets are into the source text. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Syntax {
  readonly program: SyntaxNode;
  /** Messages of the parser; not empty means that `program` is not to be trusted. */
  readonly errors: readonly string[];
}

export function parseSyntax(path: string, text: string): Syntax {
  const { program, errors } = parseSync(path, text);
  return { program: program as unknown as SyntaxNode, errors: errors.map((error) => error.message) };
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** A place in the tree: the node, the field of its parent that holds it, and the place of that parent. */
export interface Place {
  readonly node: SyntaxNode;
  readonly key: string;
  readonly parent: Place | null;
}

/** Visits every node, parents before children. */
export function walk(root: SyntaxNode, enter: (place: Place) => void): void {
  const visit = (place: Place): void => {
    enter(place);
    for (const key of Object.keys(place.node)) {
      const value = place.node[key];
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) visit({ node: child, key, parent: place });
      }
    }
  };
  visit({ node: root, key: '', parent: null });
}

/** The node in a field, if there is one. */
export function child(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

export function children(node: SyntaxNode, key: string): readonly SyntaxNode[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The text of a string literal or of a template without holes. */
export function stringValue(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type !== 'TemplateLiteral' || children(node, 'expressions').length > 0) return undefined;
  return templateText(node);
}

/** The fixed text of a template literal, its holes left out. */
export function templateText(node: SyntaxNode): string {
  const quasis = children(node, 'quasis').map((quasi) => (quasi.value as { cooked?: string | null }).cooked ?? '');
  return quasis.join('');
}

export function identifierName(node: SyntaxNode | undefined): string | undefined {
  return node?.type === 'Identifier' && typeof node.name === 'string' ? node.name : undefined;
}

/** `object.property` of a plain or literally indexed member access: `Math.sin`, `Math['sin']`. */
export function memberName(node: SyntaxNode): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const property = child(node, 'property');
  return node.computed === true ? stringValue(property) : identifierName(property);
}

/** True for the `import.meta` expression. */
export function isImportMeta(node: SyntaxNode | undefined): boolean {
  return node?.type === 'MetaProperty' && identifierName(child(node, 'meta')) === 'import';
}

/** The name a call begins with: `it` of `it(...)`, `it.each(...)(...)` and `it.each`...`(...)`. */
export function calleeRoot(call: SyntaxNode): string | undefined {
  let node = child(call, 'callee');
  while (node && identifierName(node) === undefined) {
    node = child(node, 'callee') ?? child(node, 'object') ?? child(node, 'tag');
  }
  return identifierName(node);
}
