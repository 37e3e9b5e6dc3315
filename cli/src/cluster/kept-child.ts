import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ConfigurationError } from '@lifeverse/node-kit';
import { DRAIN_WITHIN_MS, type ParentWord, type RoleWord } from '../roles/parent.ts';
import { Pulse, pulsePolicy } from './pulse.ts';
import { Restarts } from './restarts.ts';

/** How a process is started, each time. */
export interface ChildSpec {
  /** Of this one among all: `gateway-1`. */
  readonly name: string;
  readonly command: string;
  args(): readonly string[];
  env(): NodeJS.ProcessEnv;
  /** As whom it speaks on the bus; left out: by its name. */
  readonly speaksAs?: string;
  /** Whether this line on its standard error says that it is open; left out: it is a role, and says so to its parent. */
  readonly opensBy?: RegExp;
  /** Lines of its standard error that are passed on; left out: all. */
  readonly passesOn?: RegExp;
  heard?(line: string): void;
  /** It is open, each time. `said`: what it said of that. */
  opened?(said: { readonly url?: string }): void;
}

export interface ChildListener {
  /** What the supervisor has to say of it. */
  told(line: string): void;
  /** A line of its standard error. */
  logged(name: string, line: string): void;
}

/** It is killed that does not stop within this. */
const STOP_MS = 25_000;
/** And this, when it hands over first what it has. */
const LEAVE_MS = DRAIN_WITHIN_MS + STOP_MS;
/** An answer takes a role no longer than a sign of life. */
const ANSWER_MS = 5_000;
/** How the command begins the sentence in which it says what it was told wrongly. */
const REFUSAL = 'lifeverse: ';

/** A process that is started again whenever it ends, and killed when it hangs, until it is stopped. */
export class KeptChild {
  readonly name: string;
  readonly #spec: ChildSpec;
  readonly #listener: ChildListener;
  readonly #restarts = new Restarts();
  readonly #pulse: Pulse;
  readonly #lookMs: number;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  /** It was killed, because of this. */
  #killedFor: string | null = null;
  /** It was stopped because it was not open in time. */
  #isLate = false;
  #lastLine = '';
  #turning: ((drains: boolean) => void) | null = null;
  #firstOpen: { resolve(): void; reject(error: Error): void } | null = null;

  constructor(spec: ChildSpec, listener: ChildListener, policy = pulsePolicy) {
    this.name = spec.name;
    this.#spec = spec;
    this.#listener = listener;
    this.#pulse = new Pulse(policy);
    this.#lookMs = policy.lookMs;
  }

  /** On the bus. */
  get speaksAs(): string {
    return this.#spec.speaksAs ?? this.name;
  }

  get life(): Restarts['life'] {
    return this.#restarts.life;
  }

  get restarts(): number {
    return this.#restarts.count;
  }

  get lastEnd(): Restarts['lastEnd'] {
    return this.#restarts.lastEnd;
  }

  /** How long it has given no sign of life. */
  get silentMs(): number {
    return this.#child === null ? 0 : this.#pulse.silentMs;
  }

  /** A sign of life; roles give theirs themselves. */
  beat(): void {
    this.#pulse.beat();
  }

  /** Null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * Resolves when it is open; rejects with a ConfigurationError when it ends before: what it was told is wrong. So it does when it is
   * not open `withinMs`, and is stopped; left out, that is waited for without end.
   */
  async start(withinMs?: number): Promise<void> {
    const late = withinMs === undefined ? undefined : setTimeout(() => this.#giveUp(withinMs), withinMs);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#firstOpen = { resolve, reject };
        this.#spawn();
      });
    } finally {
      clearTimeout(late);
    }
  }

  /** At once: all others end as well. */
  async stop(): Promise<void> {
    this.#restarts.stop();
    await this.#end('SIGINT', STOP_MS);
  }

  /** Has it hand over what it has and run on, or takes that back. Returns whether it is drained then; null: it does not answer. */
  turn(isDrained: boolean): Promise<boolean | null> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(null), ANSWER_MS);
      this.#turning = (drains) => {
        clearTimeout(late);
        resolve(drains);
      };
      const word: ParentWord = { kind: isDrained ? 'drain' : 'resume' };
      // What cannot be said is not answered.
      if (this.#child?.connected) this.#child.send(word, () => undefined);
    });
  }

  /** Hands over what it has, ends, and is not started again. */
  async leave(): Promise<void> {
    this.#restarts.leaves(performance.now());
    await this.#end('SIGTERM', LEAVE_MS);
    this.#listener.told(`${this.name} has left`);
  }

  /** `start` rejects with that once it has ended. */
  #giveUp(withinMs: number): void {
    this.#isLate = true;
    this.#killedFor ??= `was not open within ${withinMs / 1_000} s, and was stopped`;
    void this.#end('SIGINT', STOP_MS);
  }

  async #end(signal: NodeJS.Signals, withinMs: number): Promise<void> {
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    const ended = once(child, 'close');
    const late = setTimeout(() => {
      this.#listener.told(`${this.name} does not stop, and is killed`);
      child.kill('SIGKILL');
    }, withinMs);
    child.kill(signal);
    await ended;
    clearTimeout(late);
  }

  #spawn(): void {
    const { command, opensBy, passesOn } = this.#spec;
    this.#restarts.started(performance.now());
    this.#pulse.started();
    this.#lastLine = '';
    this.#killedFor = null;
    // In a group of its own: Ctrl-C of a terminal is for the supervisor, which stops all in their order.
    const child = spawn(command, this.#spec.args(), {
      env: this.#spec.env(),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', ...(opensBy === undefined ? (['ipc'] as const) : [])],
    });
    this.#child = child;
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      this.#lastLine = line;
      this.#spec.heard?.(line);
      if (opensBy?.test(line)) this.#open({});
      if (passesOn?.test(line) !== false && !this.#isRefusal(line)) this.#listener.logged(this.name, line);
    });
    child.on('message', (said) => this.#heard(said as RoleWord));
    this.#looking = setInterval(() => this.#look(child), this.#lookMs);
    child.once('error', (error) => this.#ended(`cannot be run: ${error.message}`));
    // Behind what it has said.
    child.once('close', (code, signal) =>
      this.#ended(this.#killedFor ?? (signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`)),
    );
  }

  #heard(said: RoleWord): void {
    this.#pulse.beat();
    if (said.kind === 'open') this.#open(said);
    if (said.kind === 'drains') this.#turning?.(said.drains);
  }

  #look(child: ChildProcess): void {
    if (!this.#pulse.look() || this.#killedFor !== null) return;
    this.#killedFor = `gave no sign of life for ${(this.#pulse.silentMs / 1_000).toFixed(0)} s and was killed`;
    child.kill('SIGKILL');
  }

  /** Why it does not start: `start` rejects with it. */
  #isRefusal(line: string): boolean {
    return this.#firstOpen !== null && line.startsWith(REFUSAL);
  }

  #open(said: { readonly url?: string }): void {
    if (this.#isLate) return;
    this.#restarts.opened(performance.now());
    this.#spec.opened?.(said);
    this.#listener.told(`${this.name} runs, process ${this.pid}${said.url === undefined ? '' : `, at ${said.url}`}`);
    this.#firstOpen?.resolve();
    this.#firstOpen = null;
  }

  #ended(how: string): void {
    if (this.#child === null) return;
    this.#child = null;
    clearInterval(this.#looking);
    if (this.#firstOpen !== null) {
      this.#restarts.stop();
      // Of its stopping, its last line says nothing that one would want to know.
      const said = this.#isLate ? '' : this.#lastLine.replace(REFUSAL, '');
      this.#firstOpen.reject(new ConfigurationError(`${this.name} ${how}${said === '' ? '.' : `: ${said}`}`));
      return;
    }
    const waitMs = this.#restarts.ended(how, performance.now());
    if (waitMs === null) return;
    this.#listener.told(`${this.name} ${how}: it is started again in ${waitMs} ms`);
    this.#timer = setTimeout(() => this.#spawn(), waitMs);
  }
}
