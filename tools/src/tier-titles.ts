import { isForTests, type SourceModule } from './source-module.ts';
import { calleeRoot, children, stringValue, templateText, walk } from './syntax.ts';

/** The titles of a module's tests and of the chapters they stand in; the holes of a template are left out. */
export function testTitles(module: SourceModule): { title: string; line: number }[] {
  if (!isForTests(module)) return [];
  const titles: { title: string; line: number }[] = [];
  walk(module.program, ({ node }) => {
    if (node.type !== 'CallExpression' || !/^(it|test|describe)$/.test(calleeRoot(node) ?? '')) return;
    const first = children(node, 'arguments')[0];
    const title = first?.type === 'TemplateLiteral' ? templateText(first) : stringValue(first);
    if (title !== undefined) titles.push({ title, line: module.lineAt(node.start) });
  });
  return titles;
}
