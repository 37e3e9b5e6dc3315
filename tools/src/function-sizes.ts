import { isForTests, type SourceModule } from './source-module.ts';
import { calleeRoot, child, identifierName, memberName, type Place, stringValue, walk } from './syntax.ts';

export interface FunctionSize {
  /** As a reader would call it: `walk`, `Zone.step`, `render` of a property, or `line 12` where it has no name. */
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/**
 * Every function of a module with its length in lines. One that holds tests, the body of a `describe` or a contract
 * suite, is a chapter of them and not counted; each test in it is.
 */
export function functionSizes(module: SourceModule): FunctionSize[] {
  const sizes: FunctionSize[] = [];
  walk(module.program, (place) => {
    const { node } = place;
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return;
    const line = module.lineAt(node.start);
    const lines = module.lineAt(node.end - 1) - line + 1;
    if (!isForTests(module) || !holdsTests(place)) sizes.push({ name: nameOf(place) ?? `line ${line}`, line, lines });
  });
  return sizes;
}

function holdsTests({ node }: Place): boolean {
  let holds = false;
  walk(node, (inner) => {
    if (inner.node.type === 'CallExpression' && /^(it|test|describe)$/.test(calleeRoot(inner.node) ?? '')) holds = true;
  });
  return holds;
}

function nameOf({ node, parent }: Place): string | undefined {
  const own = identifierName(child(node, 'id'));
  if (own !== undefined || !parent) return own;
  const holder = parent.node;
  switch (holder.type) {
    case 'VariableDeclarator':
      return identifierName(child(holder, 'id'));
    case 'AssignmentExpression':
      return memberName(child(holder, 'left') ?? holder) ?? identifierName(child(holder, 'left'));
    case 'Property':
      return keyName(holder);
    case 'MethodDefinition':
    case 'PropertyDefinition': {
      const type = parent.parent?.parent?.node;
      const className = type ? identifierName(child(type, 'id')) : undefined;
      return className === undefined ? keyName(holder) : `${className}.${keyName(holder)}`;
    }
    default:
      return undefined;
  }
}

function keyName(holder: Place['node']): string | undefined {
  const key = child(holder, 'key');
  if (key?.type === 'PrivateIdentifier') return `#${key.name}`;
  return identifierName(key) ?? stringValue(key);
}
