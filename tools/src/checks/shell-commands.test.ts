import { describe, expect, it } from 'vitest';
import { manifest, plantRepo } from '../planted-repo.ts';
import { shellCommands } from './shell-commands.ts';

const files = {
  'package.json': {
    workspaces: ['cli', 'sim'],
    scripts: { start: 'node cli/bin/lifeverse.mjs start', test: 'vitest run', sim: 'node sim/src/main.ts' },
  },
  'cli/package.json': manifest('cli', { exports: {}, bin: { lifeverse: './bin/lifeverse.mjs' } }),
  'cli/bin/lifeverse.mjs': "await import('../src/main.ts');",
  'cli/src/main.ts': "const commands = { start: 1, load: 2 };\nconst options = { url: '', rampS: 1, 'tls-cert': 2 };",
  'sim/package.json': manifest('sim', { exports: {} }),
  'sim/src/main.ts': 'const options = { seed: 1 };',
  '.ci/run': 'npm ci',
};
const run = (code: string, info = 'sh check') =>
  shellCommands.run(plantRepo({ ...files, 'README.md': `# A\n\`\`\`${info}\n${code}\n\`\`\`` }));

describe('shell commands', () => {
  it.each([
    'npm ci && npm start',
    'npm start -- --tls-cert cert.pem   # comment with npm gone',
    '$ npm test',
    'npm run sim -- --seed 7331 \\\n  --seed=2',
    'npx lifeverse load --url http://127.0.0.1:8080 --ramp-s 10',
    'PORT=1 node sim/src/main.ts & curl -s localhost; cd docs',
    './.ci/run | cat',
  ])('is content with %s', (code) => {
    expect(run(code)).toEqual([]);
  });

  it.each([
    ['npm run gone', "'npm run gone': package.json has no script 'gone'"],
    ['npm ci && npm go', "'npm go': package.json has no script 'go'"],
    ['npm start -- --gone 1', "'npm start -- --gone 1': there is no option --gone"],
    ['npm run sim -- --url x', "'npm run sim -- --url x': there is no option --url"],
    ['npx lifeverse fly', "'npx lifeverse fly': lifeverse has no command 'fly'"],
    ['npx lifeverse load --wings', "'npx lifeverse load --wings': there is no option --wings"],
    ['npx gone', "'npx gone': there is no command gone"],
    ['node gone.ts', "'node gone.ts': there is no file gone.ts"],
    ['wget x', "'wget x': there is no command wget"],
  ])('finds %s', (code, what) => {
    expect(run(code)).toEqual([{ where: 'README.md:2', what }]);
  });

  it('reads marked blocks only', () => {
    expect(run('npm run gone', 'sh')).toEqual([]);
    expect(run('npm run gone', 'text check')).toEqual([]);
  });
});
