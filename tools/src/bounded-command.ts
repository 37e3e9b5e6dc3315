import { type ChildProcess, spawn } from 'node:child_process';

export interface BoundedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Then the command is killed, with everything it started. */
  readonly msMax: number;
  /** `collect` keeps what it prints for the result; `pass` lets it through as it comes. */
  readonly output: 'collect' | 'pass';
}

export interface CommandResult {
  /** Null when it was killed: by the bound, or by a signal. */
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs a command in a process group of its own, so that its end is the end of all it started. */
export function runBounded({ command, args, cwd, env, msMax, output }: BoundedCommand): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const printed = output === 'collect' ? 'pipe' : 'inherit';
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', printed, printed] });
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, msMax);
    const forget = dieTogether(child);
    child.on('error', (error) => {
      clearTimeout(timer);
      forget();
      reject(error);
    });
    child.on('exit', () => killGroup(child));
    child.on('close', (code) => {
      clearTimeout(timer);
      forget();
      resolve({ code: timedOut ? null : code, timedOut, stdout, stderr, ms: performance.now() - startMs });
    });
  });
}

/** A group of its own does not hear the terminal's Ctrl-C: it is ended with us. */
function dieTogether(child: ChildProcess): () => void {
  const end = (): void => killGroup(child);
  const interrupt = (): never => {
    end();
    process.exit(130);
  };
  process.on('exit', end);
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return () => {
    process.off('exit', end);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
