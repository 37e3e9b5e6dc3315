import { existsSync } from 'node:fs';
import { runBounded } from './bounded-command.ts';

/** A program that tests need and npm does not have. */
export interface Program {
  readonly name: string;
  readonly path: string;
  /** Debian's package with it. */
  readonly debianPackage: string;
}

/** What a command installs with. */
export interface Installing {
  /** Each with the packages behind it where it says `PACKAGES`. */
  readonly commands: readonly (readonly string[])[];
  /** Whether this process may install packages, and the machine has Debian's. */
  readonly may: boolean;
}

const installMsMax = 300_000;

export const programs: readonly Program[] = [
  { name: 'Chromium', path: '/usr/bin/chromium', debianPackage: 'chromium' },
  { name: 'nats-server', path: '/usr/sbin/nats-server', debianPackage: 'nats-server' },
];

export function debianInstalling(): Installing {
  return {
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'PACKAGES'],
    ],
    may: process.getuid?.() === 0 && existsSync('/etc/debian_version'),
  };
}

/** Makes sure that the programs are there. Gives null, or the one sentence that says what the user has to do. */
export async function ensurePrograms(
  needed: readonly Program[],
  { commands, may }: Installing,
  say: (line: string) => void,
): Promise<string | null> {
  const missing = needed.filter(({ path }) => !existsSync(path));
  if (missing.length === 0) return null;
  const names = missing.map(({ name }) => name).join(' and ');
  const packages = missing.map(({ debianPackage }) => debianPackage);
  const install = commands.map((words) => words.flatMap((word) => (word === 'PACKAGES' ? packages : [word])));
  const command = install.map((words) => words.join(' ')).join(' && ');
  const places = missing.map(({ name, path }) => `${name} at ${path}`).join(' and ');
  if (!may) return `The tests need ${places}: as root, run ${command}`;
  say(`${names} ${missing.length === 1 ? 'is' : 'are'} missing: installing (${command})`);
  const failed = await runAll(install);
  if (failed !== null) return `${names} could not be installed (${failed}): ${command}`;
  const still = missing.filter(({ path }) => !existsSync(path)).map(({ name, path }) => `${name} at ${path}`);
  return still.length === 0
    ? null
    : `The packages are installed, and there is no ${still.join(' and no ')}: put it there`;
}

/** The last line of what failed. */
async function runAll(commands: readonly (readonly string[])[]): Promise<string | null> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const [program, ...args] of commands) {
    const run = await runBounded({
      command: program as string,
      args,
      cwd: '/',
      env,
      msMax: installMsMax,
      output: 'collect',
    });
    if (run.code !== 0) return (run.stderr || run.stdout).trim().split('\n').at(-1) ?? '';
  }
  return null;
}
