import { MAX_TRUTH_ENTITIES } from '@lifeverse/contracts';
import { beforeEach, expect, it } from 'vitest';
import { Measures } from './measures.ts';
import { PositionWatch, type Screen } from './position-watch.ts';
import { TruthLog } from './truth-log.ts';
import { WorldClock } from './world-clock.ts';

/** 20 ticks a second of a world whose clock is that of the screens; they show it two ticks late. */
const PERIOD_MS = 50;
const LATE_TICKS = 2;
/** Everybody runs east, so far a tick. */
const MM_PER_TICK = 150;

const truthAt = (tick: number): { x: number; y: number } => ({ x: tick * MM_PER_TICK, y: 2_000 });

let measures: Measures;
let log: TruthLog;
let watch: PositionWatch;
beforeEach(() => {
  measures = new Measures();
  log = new TruthLog();
  const clock = new WorldClock();
  clock.sample(0, 0, 0, 0);
  watch = new PositionWatch(clock, measures, log);
});

/** The screen of player 1, who sees the others `offMm` beside of where they are. */
function screen(offMm: number, ...others: number[]): Screen {
  const track = {
    at(tick: number, out: { x: number; y: number }) {
      const { x, y } = truthAt(tick);
      Object.assign(out, { x, y: y + offMm });
    },
  };
  return {
    session: { welcome: { entity: 1 }, periodMs: PERIOD_MS },
    entities: new Map([1, ...others].map((id) => [id, { id, track }])),
    update() {},
    shownTick: (nowMs) => nowMs / PERIOD_MS - LATE_TICKS,
  };
}

function tellTruth(...ids: number[]): void {
  for (let tick = 0; tick < 100; tick++)
    log.add({ tick, entities: ids.map((id) => ({ id, xMm: truthAt(tick).x, yMm: truthAt(tick).y })) });
}

it('compares what is shown with where that was at the moment that is shown, not now', () => {
  const one = screen(0, 2, 3);
  expect(watch.choose([one]).sort()).toEqual([2, 3]);
  tellTruth(2, 3);
  for (const nowMs of [1_000, 1_020, 1_040]) watch.look(one, nowMs);
  watch.compare(1_540);
  expect(measures.positionErrorM.count).toBe(6);
  expect(measures.positionErrorM.quantile(1)).toBeCloseTo(0, 9);
  expect(measures.viewDelayMs.quantile(0.5)).toBeCloseTo(LATE_TICKS * PERIOD_MS, 9);
});

it('says in metres how far off it is', () => {
  const one = screen(-340, 2);
  watch.choose([one]);
  tellTruth(2);
  watch.look(one, 1_000);
  watch.compare(1_500);
  expect(measures.positionErrorM.quantile(0.5)).toBeCloseTo(0.34, 9);
});

it('waits for the truth, and leaves out whom it was not asked of or what nobody knows', () => {
  const one = screen(0, 2, 3);
  watch.choose([one]);
  watch.look(screen(0, 2, 3, 4), 1_000);
  watch.compare(1_499);
  expect(measures.positionErrorM.count).toBe(0);
  tellTruth(2);
  watch.compare(1_500);
  expect(measures.positionErrorM.count).toBe(1);
  watch.compare(3_000);
  expect(measures.positionErrorM.count).toBe(1);
});

it('asks for no more than may be asked of all observers together, and for nobody by themselves', () => {
  const others = Array.from({ length: 2 * MAX_TRUTH_ENTITIES }, (_, i) => i + 2);
  const chosen = watch.choose([
    screen(0, ...others),
    screen(0, ...others),
    { ...screen(0), session: null, entities: new Map() },
  ]);
  expect(chosen.length).toBeGreaterThan(0);
  expect(chosen.length).toBeLessThanOrEqual(MAX_TRUTH_ENTITIES);
  expect(chosen).not.toContain(1);
});
