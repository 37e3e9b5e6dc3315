import { Random } from '@lifeverse/base';
import type { Body, World } from '@lifeverse/definition';
import { limits } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwnAvatar } from './own-avatar.ts';
import { testWorld } from './test-world.ts';

const world = testWorld as unknown as World;
const START: Body = { x: 10_500, y: 10_500 };
const REPLAY_TICKS = (limits.replayMs * testWorld.layout.tickHz) / 1_000;

interface Input {
  readonly sequence: number;
  readonly tick: number;
  readonly held: { readonly towards: number; readonly pace: string };
  /** The server's tick in which it is known there. */
  readonly knownAt: number;
}

interface Tiding {
  readonly tick: number;
  readonly applied: number;
  readonly x: number;
  readonly y: number;
  /** The tick of the server in which it reaches the client. */
  readonly arrivesAt: number;
}

/** What a zone does with one avatar: inputs take effect from the tick that they name, also when they come a little late. */
class Zone {
  readonly inputs: Input[] = [];
  readonly pushes = new Map<number, Body>();
  #applied = 0;

  at(tick: number, knownAt: number): Body {
    const body = { ...START };
    for (let t = 1; t <= tick; t++) {
      const held = this.inputs.filter((input) => input.knownAt <= knownAt && input.tick <= t).at(-1)?.held;
      if (held !== undefined) world.predicted?.step.run(body, held, world.map, 256);
      const push = this.pushes.get(t);
      if (push !== undefined) world.map.slide(body, push.x, push.y, 300);
    }
    return body;
  }

  /** What the player is told after that tick: something only when an input was applied or something pushed. */
  tiding(tick: number, latency: number): Tiding | undefined {
    const applied = this.inputs.filter((input) => input.knownAt <= tick && input.tick <= tick).length;
    if (applied === this.#applied && !this.pushes.has(tick)) return undefined;
    this.#applied = applied;
    return { tick, applied, ...this.at(tick, tick), arrivesAt: tick + latency };
  }
}

interface Trip {
  readonly seed: number;
  /** How many ticks ahead of the server the client lives, and how long messages take there and back. */
  readonly lead: number;
  readonly up: number;
  readonly down: number;
  readonly jitter: number;
}

const trips: fc.Arbitrary<Trip> = fc
  .record({
    seed: fc.nat(),
    lead: fc.integer({ min: 0, max: 5 }),
    up: fc.integer({ min: 0, max: 5 }),
    down: fc.integer({ min: 0, max: 6 }),
    jitter: fc.integer({ min: 0, max: 3 }),
  })
  .filter(({ lead, up, jitter }) => up + jitter - lead - 1 <= REPLAY_TICKS);

/** Plays a trip; `pushed`: the zone displaces the avatar now and then, and once near the end. */
function play(trip: Trip, pushed: boolean) {
  const random = new Random(trip.seed);
  const zone = new Zone();
  const avatar = new OwnAvatar(world, 0, START.x, START.y);
  let tidings: Tiding[] = [];
  let [knownAt, arrivesAt, largestError] = [0, 0, 0];
  for (let tick = 1; tick <= 80; tick++) {
    avatar.advance(tick + trip.lead);
    while (tick < 60 && random.chance(0.25)) {
      const held = { towards: random.below(1_024), pace: random.pick(['run', 'walk', 'stand']) };
      const input = { sequence: zone.inputs.length + 1, tick: avatar.tick + 1, held };
      // A connection keeps the order of what it carries.
      knownAt = Math.max(knownAt, tick + trip.up + random.below(trip.jitter + 1));
      zone.inputs.push({ ...input, knownAt });
      avatar.command(input.sequence, input.tick, held);
    }
    if (pushed && (tick === 70 || (tick < 60 && random.chance(0.05))))
      zone.pushes.set(tick, { x: random.below(900) - 450, y: 200 });
    const tiding = zone.tiding(tick, trip.down + random.below(trip.jitter + 1));
    if (tiding !== undefined) {
      arrivesAt = Math.max(arrivesAt, tiding.arrivesAt);
      tidings.push({ ...tiding, arrivesAt });
    }
    for (const told of tidings) if (told.arrivesAt <= tick) avatar.reconcile(told.tick, told.applied, told.x, told.y);
    tidings = tidings.filter((told) => told.arrivesAt > tick);
    largestError = Math.max(largestError, avatar.errorMm);
  }
  const { x, y } = shown(avatar);
  return { avatar, zone, largestError, predicted: { x, y }, truth: zone.at(avatar.tick, 1_000) };
}

/** Where the avatar is, with all corrections shown to their end. */
function shown(avatar: OwnAvatar, elapsedMs = 1_000): { x: number; y: number; vx: number; vy: number } {
  const out = { x: 0, y: 0, vx: 0, vy: 0 };
  avatar.show(0, elapsedMs, out);
  return out;
}

describe('[SY23] the own avatar', () => {
  it('is where the server has it, whenever inputs and answers arrive within the replay window: nothing to put right', () => {
    fc.assert(
      fc.property(trips, (trip) => {
        const { avatar, largestError, predicted, truth } = play(trip, false);
        expect({ corrections: avatar.corrections, largestError, predicted }).toEqual({
          corrections: 0,
          largestError: 0,
          predicted: truth,
        });
      }),
    );
  });

  it('is put right where the server moved it otherwise, inputs on their way included', () => {
    let corrections = 0;
    fc.assert(
      fc.property(trips, (trip) => {
        const { avatar, predicted, truth } = play(trip, true);
        expect(predicted).toEqual(truth);
        corrections += avatar.corrections;
      }),
    );
    expect(corrections).toBeGreaterThan(50);
  });

  it('stands until its first input, whatever comes first among the choices', () => {
    const avatar = new OwnAvatar(world, 0, START.x, START.y);
    avatar.advance(30);
    expect(shown(avatar)).toEqual({ ...START, vx: 0, vy: 0 });
  });

  it('reacts to a command from the very next tick on', () => {
    const avatar = new OwnAvatar(world, 5, START.x, START.y);
    avatar.advance(10);
    avatar.command(1, 11, { towards: 0, pace: 'run' });
    const out = { x: 0, y: 0, vx: 0, vy: 0 };
    avatar.show(0.5, 0, out);
    expect(out).toEqual({ x: START.x + 150, y: START.y, vx: 300, vy: 0 });
    avatar.advance(11);
    expect(shown(avatar).x).toBe(START.x + 300);
  });

  it('waits with judging where the server cannot know of an input yet', () => {
    const avatar = new OwnAvatar(world, 5, START.x, START.y);
    avatar.command(1, 6, { towards: 0, pace: 'run' });
    avatar.advance(10);
    avatar.reconcile(8, 0, START.x, START.y);
    expect([avatar.corrections, shown(avatar).x]).toEqual([0, START.x + 1_500]);
    avatar.reconcile(9, 1, START.x + 1_200, START.y);
    expect([avatar.corrections, avatar.errorMm]).toEqual([0, 0]);
  });

  it('forgets an input that the server refused', () => {
    const avatar = new OwnAvatar(world, 5, START.x, START.y);
    avatar.command(1, 6, { towards: 0, pace: 'run' });
    avatar.advance(10);
    avatar.refused(1);
    avatar.reconcile(8, 1, START.x, START.y);
    expect(avatar.errorMm).toBe(900);
    avatar.advance(20);
    expect(shown(avatar)).toEqual({ ...START, vx: 0, vy: 0 });
  });

  it('shows a correction over a tenth of a second, and one of more than three metres at once', () => {
    const avatar = new OwnAvatar(world, 5, START.x, START.y);
    avatar.reconcile(5, 0, START.x + 1_000, START.y);
    expect(avatar.errorMm).toBe(1_000);
    expect([shown(avatar, 0).x, shown(avatar, 50).x, shown(avatar, 100).x]).toEqual([
      START.x,
      START.x + 500,
      START.x + 1_000,
    ]);
    avatar.reconcile(5, 0, START.x - 3_000, START.y);
    expect(shown(avatar, 0).x).toBe(START.x - 3_000);
  });

  it('goes on at the rate of time that the server tells, also for ticks that it has predicted otherwise', () => {
    const avatar = new OwnAvatar(world, 5, START.x, START.y, 256);
    avatar.command(1, 6, { towards: 0, pace: 'run' });
    avatar.advance(9);
    avatar.paced(8, 128);
    expect(shown(avatar)).toEqual({ x: START.x + 300 + 300 + 150 + 150, y: START.y, vx: 150, vy: 0 });
    avatar.reconcile(8, 1, START.x + 750, START.y);
    expect([avatar.corrections, avatar.errorMm]).toEqual([0, 0]);
    // Of a tick that is still to come, or long past.
    avatar.paced(40, 64);
    avatar.advance(200);
    avatar.paced(9, 256);
    expect(shown(avatar).vx).toBe(300);
  });

  it('does not work off the time that a device slept', () => {
    const avatar = new OwnAvatar(world, 5, START.x, START.y);
    avatar.command(1, 6, { towards: 0, pace: 'walk' });
    avatar.advance(1_000_000);
    expect(avatar.tick).toBe(1_000_000);
    expect(shown(avatar).x - START.x).toBeLessThanOrEqual(60 * 70);
  });
});

describe('[SY24] a word of the stream about the own entity', () => {
  it('puts the avatar right as the own tidings do, as far as inputs are applied', () => {
    const avatar = new OwnAvatar(world, 5, START.x, START.y);
    avatar.command(1, 6, { towards: 0, pace: 'run' });
    avatar.advance(9);
    avatar.witnessed(7, START.x, START.y + 100);
    expect(avatar.corrections).toBe(0);
    avatar.reconcile(8, 1, START.x + 900, START.y);
    avatar.witnessed(9, START.x + 1_200, START.y + 100);
    expect([avatar.corrections, avatar.errorMm]).toEqual([1, 100]);
    expect(shown(avatar)).toMatchObject({ x: START.x + 1_200, y: START.y + 100, vx: 300 });
  });
});
