import { describe, expect, it } from 'vitest';
import { manifest, plantRepo } from '../planted-repo.ts';
import { bannedCalls, findBannedCalls } from './banned-calls.ts';

const worldExports = { exports: { '.': './src/index.ts', './server': './src/server.ts' } };
const house = {
  'worlds/town/package.json': manifest('town', worldExports),
  'worlds/town/src/index.ts': "import './streets.ts';",
  'worlds/town/src/streets.ts': 'export const far = Math.sqrt(2);',
  'worlds/town/src/server.ts': 'export const turn = Math.sin(1) ** 2;',
};
const run = (planted: Record<string, string>) =>
  bannedCalls.run(plantRepo({ ...house, ...planted })) as { where: string; what: string }[];

const core = 'packages/world/src/tick.ts';
const predicted = 'packages/definition/src/steer.ts';

describe('banned calls', () => {
  it('is content with names, types and ports that only sound like it', () => {
    const code = [
      'interface Ports { fetch(): void; setTimeout: number; at: Date; done: Promise<void> }',
      'export type Clock = { performance: number };',
      'export function f(ports: Ports, message: { process: 1 }): number {',
      '  ports.fetch();',
      '  const { process: step } = message;',
      '  const made = { console: step, crypto() { return 1; } };',
      "  return Math.hypot(3, 4) + Math['abs'](made.console);",
      '}',
    ];
    expect(run({ [core]: code.join('\n') })).toEqual([]);
  });

  it.each([
    ['async function f() {}', "no 'async'"],
    ['const f = async () => 1;', "no 'async'"],
    ['const o = { async f() {} };', "no 'async'"],
    ['await 1;', "no 'await'"],
    ['for await (const x of y) x;', "no 'await'"],
    ['const t = Date.now();', "no 'Date'"],
    ['const t = new Date();', "no 'Date'"],
    ['const t = performance.now();', "no 'performance'"],
    ['const r = Math.random();', 'no Math.random'],
    ["const r = Math['random']();", 'no Math.random'],
    ['const { random } = Math;', 'name what you take from Math'],
    ['const M = Math;', 'name what you take from Math'],
    ['setTimeout(f, 1);', "no 'setTimeout'"],
    ['const later = setInterval;', "no 'setInterval'"],
    ['setImmediate(f);', "no 'setImmediate'"],
    ['queueMicrotask(f);', "no 'queueMicrotask'"],
    ['fetch(url);', "no 'fetch'"],
    ['process.exit(1);', "no 'process'"],
    ['console.log(1);', "no 'console'"],
    ['crypto.randomUUID();', "no 'crypto'"],
    ['const g = { crypto };', "no 'crypto'"],
    ['globalThis.setTimeout(f);', "no 'globalThis'"],
    ['new Promise(f);', "no 'Promise'"],
    ['(fetch as unknown)(url);', "no 'fetch'"],
  ])('finds in a core: %s', (code, expected) => {
    for (const path of [core, 'services/gateway/src/core/session.ts', 'packages/base/src/a.ts']) {
      expect(run({ [path]: code })).toEqual([{ where: `${path}:1`, what: expect.stringContaining(expected) }]);
    }
  });

  it('leaves what stands around a core, and its tests, alone', () => {
    const code = 'await fetch(url); Date.now(); Math.random(); new Promise(f); console.log(process.pid);';
    const test = `import 'vitest';\n${code}`;
    expect(run({ 'services/gateway/src/server.ts': code, 'packages/client/src/a.ts': code })).toEqual([]);
    expect(run({ 'packages/world/src/tick.test.ts': test, 'packages/sync/src/common/contract.ts': test })).toEqual([]);
  });

  it.each(['sin', 'cos', 'tan', 'atan2', 'pow', 'exp', 'log', 'hypot', 'cbrt', 'log2'])(
    'finds Math.%s in predicted code',
    (name) => {
      const code = `export const x = Math.${name}(1);`;
      const what = `no Math.${name} in predicted code: engines differ in the last bit`;
      for (const path of [predicted, 'packages/sync/src/client/a.ts', 'worlds/town/src/streets.ts']) {
        expect(run({ [path]: code })).toEqual([{ where: `${path}:1`, what }]);
      }
      expect(run({ 'packages/sync/src/server/a.ts': code, [core]: code })).toEqual([]);
    },
  );

  it.each(['x ** 2', 'x **= 2', 'Math[x]'])('finds in predicted code: %s', (code) => {
    expect(run({ 'worlds/town/src/streets.ts': code })).toHaveLength(1);
  });

  it('judges the part of a world that its clients run, wherever it stands', () => {
    const sine = { 'worlds/town/src/residents.ts': 'Math.sin(1);' };
    expect(run({ ...sine, 'worlds/town/src/server.ts': "import './residents.ts';" })).toEqual([]);
    expect(run({ ...sine, 'worlds/town/src/streets.ts': "import './residents.ts';" })).toHaveLength(1);
  });

  it('lets an exempted file alone, and finds an exemption that exempts nothing', () => {
    const repo = plantRepo({ [predicted]: 'Math.sin(1);' });
    expect(findBannedCalls(repo, { [predicted]: 'draws only' })).toEqual([]);
    expect(findBannedCalls(repo, { [predicted]: 'draws only', 'packages/definition/src/gone.ts': 'why' })).toEqual([
      { where: 'packages/definition/src/gone.ts', what: 'is exempted in banned-calls.ts and is not predicted code' },
    ]);
  });

  it('leaves what a world only shows to the engine', () => {
    const exports = { '.': './src/index.ts', './decor': './src/decor.ts', './server': './src/server.ts' };
    const repo = plantRepo({
      ...house,
      'worlds/town/package.json': manifest('town', { exports }),
      'worlds/town/src/decor.ts': 'Math.sin(1);',
    });
    expect(bannedCalls.run(repo)).toEqual([]);
  });

  it.each(['process.env.PORT;', "process['env'];", 'const { env } = process;', "import { env } from 'node:process';"])(
    'finds the environment read out of place: %s',
    (code) => {
      const what = 'reads the environment: only a main.ts, cli, sim, bench and tools do';
      expect(run({ 'services/zone/src/host.ts': code })).toEqual([{ where: 'services/zone/src/host.ts:1', what }]);
      expect(run({ 'services/zone/src/main.ts': code, 'cli/src/start.ts': code, 'tools/src/a.ts': code })).toEqual([]);
    },
  );
});
