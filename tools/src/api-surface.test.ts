import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type ModuleGraph, moduleGraph } from './module-graph.ts';
import { readRepoFiles } from './repo-files.ts';

const root = resolve(import.meta.dirname, '../..');
const graph = moduleGraph(readRepoFiles(root));

/** Whether a name that a module gives away is a type, wherever it was declared; undefined when it gives none such. */
function isType(path: string, name: string): boolean | undefined {
  const module = graph.modules.get(path);
  const own = module?.exports.find((declared) => declared.name === name);
  if (own !== undefined) return own.isType;
  for (const { imported, from } of passedOn(graph, path)) {
    if (imported.exported !== name) continue;
    return imported.typeOnly || isType(from, imported.imported);
  }
  return undefined;
}

interface PassedOn {
  readonly imported: { readonly imported: string; readonly exported: string | null; readonly typeOnly: boolean };
  readonly from: string;
}

function passedOn({ modules, resolve: target }: ModuleGraph, path: string): PassedOn[] {
  return (modules.get(path)?.edges ?? []).flatMap((edge) => {
    const to = target(path, edge);
    if (edge.kind !== 'reexport' || to.kind !== 'module') return [];
    return edge.names.map((name) => ({ imported: { ...name, typeOnly: edge.typeOnly }, from: to.path }));
  });
}

function surface(folder: string): string {
  const workspace = graph.workspaces.all.find((one) => one.folder === folder);
  const entries = [...(workspace?.exports ?? [])].flatMap(([subpath, paths]) =>
    paths.map((path) => ({ subpath, path })),
  );
  const chapters = entries.map(({ subpath, path }) => {
    const given = passedOn(graph, path).map(({ imported }) => imported.exported as string);
    const names = [...given, ...(graph.modules.get(path)?.exports ?? []).map(({ name }) => name)].sort();
    expect(names).not.toContain('*');
    const lines = names.map((name) => `  ${isType(path, name) ? 'type ' : 'value'} ${name}`);
    return [`${workspace?.name}${subpath.slice(1)}`, ...lines].join('\n');
  });
  return `${chapters.join('\n\n')}\n`;
}

it.each(['protocol', 'sync', 'world', 'client'])(
  'what %s gives away is what was agreed: `npx vitest run tools -u` agrees to a change',
  async (name) => {
    const text = surface(`packages/${name}`);
    expect(text.split('\n').length).toBeGreaterThan(5);
    await expect(text).toMatchFileSnapshot(`../../packages/${name}/api.txt`);
  },
);
