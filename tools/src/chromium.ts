import { existsSync } from 'node:fs';
import { runBounded } from './bounded-command.ts';

/** What the browser tests need of the machine, and how it gets there. */
export interface ChromiumNeeds {
  readonly path: string;
  readonly install: readonly (readonly string[])[];
  /** Whether this process may install packages, and the machine has Debian's. */
  readonly mayInstall: boolean;
}

const installMsMax = 300_000;

export function chromiumNeeds(): ChromiumNeeds {
  return {
    path: '/usr/bin/chromium',
    install: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'],
    ],
    mayInstall: process.getuid?.() === 0 && existsSync('/etc/debian_version'),
  };
}

/** Makes sure that Chromium is there. Gives null, or the one sentence that says what the user has to do. */
export async function ensureChromium(needs: ChromiumNeeds, say: (line: string) => void): Promise<string | null> {
  const { path, install, mayInstall } = needs;
  if (existsSync(path)) return null;
  const command = install.map((words) => words.join(' ')).join(' && ');
  if (!mayInstall) return `The browser tests need Chromium at ${path}: as root, run ${command}`;
  say(`Chromium is missing: installing it (${command})`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const [program, ...args] of install) {
    const run = await runBounded({
      command: program as string,
      args,
      cwd: '/',
      env,
      msMax: installMsMax,
      output: 'collect',
    });
    if (run.code !== 0)
      return `Chromium could not be installed (${(run.stderr || run.stdout).trim().split('\n').at(-1)}): ${command}`;
  }
  return existsSync(path) ? null : `Chromium was installed and is not at ${path}: put it there`;
}
