import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Plugin, rolldown } from 'rolldown';
import { build } from 'vite';
import type { Check, Finding } from '../finding.ts';
import { type ModuleGraph, moduleGraph } from '../module-graph.ts';
import type { RepoFiles } from '../repo-files.ts';
import { child, children, identifierName, stringValue, walk } from '../syntax.ts';

/**
 * What a browser receives: the client without Node, without dependencies and under its size; the application without
 * any of a world's server part, shown by a marker planted there.
 */
export const browserBundle: Check = {
  name: 'browser-bundle',
  run: async (repo) => (await Promise.all([examineClient(repo), examineApplication(repo)])).flat(),
};

const clientEntry = 'packages/client/src/index.ts';
const applicationPage = 'apps/play/index.html';
const markerName = 'SERVER_MARKER';
/** The promise to whoever embeds the client, in bytes after gzip. */
const clientBytesMax = 21_504;

async function examineClient(repo: RepoFiles): Promise<Finding[]> {
  if (!repo.has(clientEntry)) return [{ where: clientEntry, what: 'is missing: there is no client to bundle' }];
  try {
    const { code, imports, modules } = await bundleClient(repo);
    const strangers = modules.filter((id) => id.startsWith('..') || id.includes('node_modules/'));
    const findings = [...imports, ...strangers].map((id) => `the client's bundle needs ${id}`);
    if (/["'`]node:\w/.test(code) && imports.length === 0) findings.push("the client's bundle mentions a node: module");
    const bytes = gzipSync(code).length;
    if (bytes >= clientBytesMax) findings.push(`the client is ${bytes} bytes gzipped, the limit is ${clientBytesMax}`);
    return findings.map((what) => ({ where: clientEntry, what }));
  } catch (error) {
    return [{ where: clientEntry, what: `does not bundle: ${firstLine(error)}` }];
  }
}

async function bundleClient(repo: RepoFiles): Promise<{ code: string; imports: string[]; modules: string[] }> {
  const plugins = [resolveByWorkspace(moduleGraph(repo))];
  const input = join(repo.root, clientEntry);
  const bundle = await rolldown({ input, platform: 'browser', plugins, logLevel: 'silent', treeshake: true });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const chunks = output.filter((file) => file.type === 'chunk');
  const names = new Set(chunks.map((chunk) => chunk.fileName));
  const imports = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]).filter((id) => !names.has(id));
  const modules = chunks.flatMap((chunk) => chunk.moduleIds).filter((id) => !id.startsWith('\0'));
  return {
    code: chunks.map((chunk) => chunk.code).join('\n'),
    imports: [...new Set(imports)],
    modules: modules.map((id) => relative(repo.root, id)),
  };
}

async function examineApplication(repo: RepoFiles): Promise<Finding[]> {
  if (!repo.has(applicationPage))
    return [{ where: applicationPage, what: 'is missing: there is no application to build' }];
  const graph = moduleGraph(repo);
  const { markers, findings } = findMarkers(graph);
  try {
    const text = await buildApplication(repo, graph);
    for (const { path, marker } of markers) {
      if (text.includes(marker))
        findings.push({ where: path, what: `${applicationPage} builds it into the browser's bundle` });
    }
  } catch (error) {
    findings.push({ where: applicationPage, what: `does not build: ${firstLine(error)}` });
  }
  return findings;
}

/** Each world's server part carries a string of its own, under a name that this check knows. */
function findMarkers(graph: ModuleGraph): { markers: { path: string; marker: string }[]; findings: Finding[] } {
  const markers: { path: string; marker: string }[] = [];
  const findings: Finding[] = [];
  for (const { folder, exports } of graph.workspaces.all) {
    if (!folder.startsWith('worlds/')) continue;
    const path = exports.get('./server')?.[0] ?? `${folder}/src/server.ts`;
    const marker = markerIn(graph, path);
    if (marker === undefined)
      findings.push({ where: path, what: `exports no string constant ${markerName} to look for` });
    else if (marker.length < 12)
      findings.push({ where: path, what: `${markerName} is too short to be told from other text` });
    else markers.push({ path, marker });
  }
  return { markers, findings };
}

function markerIn(graph: ModuleGraph, path: string): string | undefined {
  let marker: string | undefined;
  for (const statement of children(graph.modules.get(path)?.program ?? emptyProgram, 'body')) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    walk(statement, ({ node }) => {
      if (node.type !== 'VariableDeclarator' || identifierName(child(node, 'id')) !== markerName) return;
      marker = stringValue(child(node, 'init'));
    });
  }
  return marker;
}

const emptyProgram = { type: 'Program', start: 0, end: 0, body: [] };

/**
 * Everything that goes into the application's build and everything that comes out of it, as one text: a server module
 * that is loaded is found by its marker even where the bundler then shakes the constant off.
 */
async function buildApplication(repo: RepoFiles, graph: ModuleGraph): Promise<string> {
  const texts: string[] = [];
  const read: Plugin = {
    name: 'read-along',
    transform: (code) => {
      texts.push(code);
    },
  };
  const built = await build({
    root: join(repo.root, 'apps/play'),
    logLevel: 'silent',
    plugins: [
      { ...resolveByWorkspace(graph), enforce: 'pre' },
      { ...read, enforce: 'pre' },
    ],
    build: { write: false, reportCompressedSize: false },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []));
  return [...texts, ...outputs.map((file) => (file.type === 'chunk' ? file.code : String(file.source)))].join('\n');
}

/** `@lifeverse/x` by the manifests of the repository that is examined, not by what happens to be installed. */
function resolveByWorkspace(graph: ModuleGraph): Plugin {
  return {
    name: 'by-workspace',
    resolveId(specifier) {
      if (/^[./\0]/.test(specifier)) return null;
      const target = graph.resolve('', { specifier });
      return target.kind === 'module' && target.byName ? join(graph.repo.root, target.path) : null;
    },
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split('\n', 1)[0] as string;
}
