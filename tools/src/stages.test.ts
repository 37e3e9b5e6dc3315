import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runLanes, type Stage, type StageResult, stageLines } from './stages.ts';

const stage = (name: string, code: string, more: Partial<Stage> = {}): Stage => ({
  name,
  command: process.execPath,
  args: ['-e', code],
  msMax: 20_000,
  ...more,
});

async function run(...lanes: Stage[][]): Promise<{ results: StageResult[]; heard: string[] }> {
  const heard: string[] = [];
  const results = await runLanes(lanes, tmpdir(), ({ name }) => heard.push(name));
  return { results, heard };
}

describe('stages', () => {
  it('runs all of them and says which failed, with what they printed', async () => {
    const bad = stage('types', "console.log('a.ts: wrong'); console.error('bad'); process.exitCode = 2;");
    const { results, heard } = await run([bad, stage('lint', '')]);
    expect(results).toMatchObject([
      { name: 'types', ok: false, printed: 'a.ts: wrong\nbad' },
      { name: 'lint', ok: true },
    ]);
    expect(heard).toEqual(['types', 'lint']);
  });

  it('runs lanes side by side', async () => {
    // Each waits for a byte that only the other can cause: one lane after the other would never end.
    const folder = mkdtempSync(join(tmpdir(), 'lanes-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = (name: string) => JSON.stringify(join(folder, name));
    const meet = (own: string, other: string) =>
      `const fs = require('node:fs'); fs.writeFileSync(${file(own)}, ''); const wait = () => fs.existsSync(${file(other)}) ? 0 : setImmediate(wait); wait();`;
    const { results } = await run([stage('a', meet('a', 'b'))], [stage('b', meet('b', 'a'))]);
    expect(results).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it('fails a stage that does not end', async () => {
    const { results } = await run([stage('tests', 'setInterval(() => {}, 1000)', { msMax: 300 })]);
    expect(results).toMatchObject([{ ok: false, summary: 'not done within 0.3 s' }]);
  });

  it('fails a stage whose summary objects, though it ended well', async () => {
    const summarise = (stdout: string) => ({ summary: '', objection: `saw ${stdout.trim()}` });
    const { results } = await run([stage('tests', "console.log('0')", { summarise })]);
    expect(results).toMatchObject([{ ok: false, summary: 'saw 0' }]);
  });

  it('prints no colours, whatever the environment asks for', async () => {
    const code = 'console.log([process.env.FORCE_COLOR, process.env.NO_COLOR].join());';
    const { results } = await run([stage('tests', code)]);
    expect(results).toMatchObject([{ printed: ',1' }]);
  });

  it('says each in a line, and a failure in full', () => {
    const result = { name: 'lint', ms: 1234, summary: '', printed: 'one\ntwo' };
    expect(stageLines({ ...result, ok: true })).toEqual(['lint    ok         1.2 s']);
    expect(stageLines({ ...result, ok: false })).toEqual(['lint    FAILED     1.2 s', '  one', '  two']);
  });
});
