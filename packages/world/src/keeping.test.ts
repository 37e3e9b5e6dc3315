import type { DeskRequest, Verdict } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { CHECKPOINT_EVERY_MS } from './checkpoints.ts';
import { PRESENCE_EVERY_MS } from './presence-book.ts';
import type { Rules } from './serve.ts';
import { TestDesk } from './test-desk.ts';
import { east, PERIOD_MS, RUN_MM_PER_TICK, SPAWN, TestZone, type Voice, type Yard } from './test-zone.ts';
import { LINGER_MS } from './uplinks.ts';

const ROUND_TICKS = CHECKPOINT_EVERY_MS / PERIOD_MS;
/** What is kept is to be at most this old. */
const OLDEST_TICKS = 5_000 / PERIOD_MS;

interface Stage {
  readonly desk: TestDesk;
  readonly zone: TestZone;
  readonly voice: Voice;
  /** Ticks, each with its answers. */
  run(ticks?: number): void;
  /** Attached, loaded, and the tick run that tells of it. */
  join(session: number, character: string, incarnation?: number): number;
}

function stage(rules: Rules<Yard> = {}, desk = new TestDesk(), epoch = 1): Stage {
  const zone = new TestZone(rules, { desk, epoch });
  const voice = zone.voice();
  const run = (ticks = 1): void => {
    for (let i = 0; i < ticks; i++) {
      zone.run();
      desk.deliver();
      // A gateway says at least once a second that it is there.
      if (i % 10 === 9) voice.say();
    }
  };
  return {
    desk,
    zone,
    voice,
    run,
    join(session, character, incarnation = 1) {
      voice.attach(session, character, incarnation);
      desk.deliver();
      run();
      return voice.records(session).at(-1)?.attached?.entity as number;
    },
  };
}

const last = <T>(list: readonly T[]): T => list.at(-1) as T;

describe('[WO19] the way to the desk', () => {
  it('has a request said again until it is answered, by the same number', () => {
    const { desk, zone, voice, run } = stage();
    desk.answers = false;
    voice.attach(7, 'ann');
    run(40);
    const loads = desk.of('load');
    expect(loads.length).toBeGreaterThanOrEqual(3);
    expect(new Set(loads.map(({ number }) => number)).size).toBe(1);
    desk.answer(last(loads));
    run();
    expect(last(voice.records(7))).toMatchObject({ attached: { incarnation: 1 } });
    const asked = desk.of('load').length;
    run(100);
    expect(desk.of('load')).toHaveLength(asked);
    expect(zone.zone.counters).toMatchObject({ characters_loaded: 1 });
  });

  it('decides each request once, whatever comes again, late or for another owner', () => {
    const { desk, zone, voice, run } = stage();
    desk.answers = false;
    voice.attach(7, 'ann');
    run();
    const [load] = desk.of('load') as [DeskRequest];
    desk.answer({ ...load, epoch: load.epoch + 1 });
    desk.answer({ ...load, zone: load.zone + 1 });
    desk.answer({ ...load, number: load.number + 100 });
    run();
    expect(voice.records(7)).toEqual([]);
    desk.answer(load);
    desk.answer(load);
    zone.zone.desk(Uint8Array.of(1, 2, 3), zone.nowMs);
    run();
    expect(zone.zone.gauges()).toMatchObject({ players: 1 });
    expect(zone.zone.counters).toMatchObject({ characters_loaded: 1, desk_malformed: 1 });
  });

  it('waits as long as it is told to, when nothing was decided', () => {
    const { desk, voice, run, zone } = stage();
    const ann = stageWalker(desk, voice, run);
    desk.answers = false;
    run(ROUND_TICKS);
    const asked = last(desk.of('checkpoint'));
    const before = desk.of('checkpoint').length;
    desk.answer(asked, { kind: 'later', code: 'character_unreachable', retryMs: 10_000 });
    run(150);
    expect(desk.of('checkpoint')).toHaveLength(before);
    run(60);
    expect(last(desk.of('checkpoint')).number).toBe(asked.number);
    expect(zone.at(ann)).not.toBeNull();
  });
});

/** One who walks east from now on. */
function stageWalker(desk: TestDesk, voice: Voice, run: (ticks?: number) => void): number {
  voice.attach(1, 'walker');
  desk.deliver();
  run();
  voice.input(1, 1, last(voice.bundles).tick + 1, ['walk', east]);
  return voice.records(1).at(-1)?.attached?.entity as number;
}

describe('[WO20] checkpoints', () => {
  it('of everyone who moves are at most 5 s old, spread over the ticks', () => {
    const turn: Rules<Yard> = {
      systems: [{ every: 1, kind: 'player', run: ({ self }) => self.push(0.01, 0) }],
    };
    const { desk, zone, voice, run } = stage(turn);
    const players = 90;
    for (let i = 0; i < players; i++) voice.attach(i, `player ${i}`);
    desk.deliver();
    run(OLDEST_TICKS);
    for (let i = 0; i < 2 * OLDEST_TICKS; i++) {
      run();
      for (const { tick } of desk.kept.values()) expect(zone.tick - tick).toBeLessThanOrEqual(OLDEST_TICKS);
    }
    expect(desk.kept.size).toBe(players);
    const sizes = desk
      .of('checkpoint')
      .slice(10)
      .map(({ body }) => body[0] as number);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.ceil(players / ROUND_TICKS) * 2);
  });

  it('have where an avatar stands and what it keeps, the owner alone knowing of it or not', () => {
    const { desk, zone, join, run } = stage({
      join: ({ self }) => Object.assign(self, { mood: 'merry', purse: 77, secret: 5 }),
    });
    const ann = join(7, 'ann', 3);
    run(2);
    const { xMm, yMm, kept, incarnation } = desk.kept.get('ann') as NonNullable<ReturnType<typeof desk.kept.get>>;
    expect({ x: xMm, y: yMm }).toEqual(zone.at(ann));
    expect(incarnation).toBe(3);
    const next = stage({ join: ({ self }) => Object.assign(self, { secret: 9 }) }, desk, 2);
    next.join(7, 'ann', 4);
    const { store } = next.zone.zone;
    const row = store.rowOf(next.voice.records(7).at(-1)?.attached?.entity as number) as number;
    const value = (name: string): unknown => {
      const slot = store.components.find((component) => component.name === name);
      return slot?.codec.fromRaw(store.raw(row, slot));
    };
    expect(kept.length).toBeGreaterThan(0);
    expect([value('mood'), value('purse'), value('secret')]).toEqual(['merry', 77, 9]);
  });

  it('are not written again of one who stands still', () => {
    const { desk, join, run } = stage();
    join(7, 'ann');
    run(4 * ROUND_TICKS);
    expect(desk.checkpoints()).toHaveLength(1);
  });

  it('are written at once when somebody leaves', () => {
    const { desk, zone, voice, run } = stage();
    const walker = stageWalker(desk, voice, run);
    run(7);
    const at = zone.at(walker);
    voice.detach(1, 'walker', true);
    run(1);
    expect(desk.kept.get('walker')).toMatchObject({ xMm: at?.x, yMm: at?.y });
  });

  it('say that somebody left also where they were written at the end of the same tick', () => {
    for (let ticks = 0; ticks < ROUND_TICKS; ticks++) {
      const { desk, voice, run } = stage();
      stageWalker(desk, voice, run);
      run(ticks + 1);
      const before = desk.kept.get('walker')?.tick ?? 0;
      voice.detach(1, 'walker', true);
      run(2);
      expect(desk.kept.get('walker')?.tick, `${ticks}`).toBeGreaterThan(before);
      expect(desk.checkpoints().at(-1), `${ticks}`).toMatchObject({ character: 'walker', leaves: true });
    }
  });

  it('of everybody are written when the zone stops, however many they are', () => {
    const { desk, zone, voice } = stage();
    for (let i = 0; i < 700; i++) voice.attach(i, `player ${i}`);
    desk.deliver();
    for (let steps = 0; !zone.zone.close(zone.nowMs); steps++) {
      expect(steps).toBeLessThan(10);
      desk.deliver();
    }
    expect([desk.kept.size, zone.zone.gauges().players]).toEqual([700, 0]);
    expect(
      new Set(desk.presence().flatMap(({ character, state }) => (state === 'offline' ? [character] : []))).size,
    ).toBe(700);
  });

  it('wait for a desk that does not answer, once for each character, and hold up no tick', () => {
    const { desk, zone, voice, run } = stage();
    const walker = stageWalker(desk, voice, run);
    run(2);
    desk.answers = false;
    run(20 * ROUND_TICKS);
    expect(zone.at(walker)?.x).toBeGreaterThan(SPAWN.x + 20 * RUN_MM_PER_TICK);
    expect(zone.zone.gauges().checkpoints_waiting).toBeLessThanOrEqual(2);
    desk.answers = true;
    run(3 * ROUND_TICKS);
    expect(desk.kept.get('walker')).toMatchObject({ xMm: zone.at(walker)?.x });
    expect(zone.zone.gauges().checkpoints_waiting).toBe(0);
  });

  it('of ticks that were left out are made up for', () => {
    const { desk, zone, voice, run } = stage();
    stageWalker(desk, voice, run);
    for (let i = 0; i < 10; i++) {
      zone.tick += 40;
      run();
      voice.say();
      const { tick } = desk.kept.get('walker') as { tick: number };
      expect(zone.tick - tick).toBeLessThanOrEqual(OLDEST_TICKS);
    }
  });
});

describe('[WO21] a character that the zone does not have', () => {
  it('stands where it was saved, once it is loaded', () => {
    const { desk, zone, voice, run } = stage();
    const walker = stageWalker(desk, voice, run);
    run(9);
    voice.detach(1, 'walker', true);
    run();
    const saved = desk.kept.get('walker');
    expect(zone.at(walker)).toBeNull();
    const next = stage({}, desk, 2);
    const back = next.join(5, 'walker', 2);
    expect(next.zone.at(back)).toEqual({ x: saved?.xMm, y: saved?.yMm });
    expect(saved?.xMm).toBeGreaterThan(SPAWN.x);
  });

  it('is asked for once, for the newest who comes for it', () => {
    const { desk, voice, run } = stage();
    desk.answers = false;
    voice.attach(7, 'ann', 2);
    voice.attach(7, 'ann', 2);
    voice.attach(8, 'ann', 3);
    voice.attach(9, 'ann', 1);
    run();
    expect(desk.loads()).toEqual(['ann']);
    desk.answer(last(desk.of('load')));
    run();
    expect([voice.ends(7), voice.ends(8), voice.ends(9)]).toEqual([['session_replaced'], [], ['session_replaced']]);
    expect(last(voice.records(8))).toMatchObject({ attached: { incarnation: 3 } });
  });

  it('was in the world by a later incarnation: the earlier comes too late', () => {
    const { desk, voice, run, join } = stage();
    join(7, 'ann', 5);
    voice.detach(7, 'ann', true, 5);
    run(2);
    const next = stage({}, desk, 2);
    next.voice.attach(1, 'ann', 4);
    desk.deliver();
    next.run();
    expect(next.voice.ends(1)).toEqual(['session_replaced']);
    expect(next.zone.zone.gauges()).toMatchObject({ players: 0 });
  });

  it('does not come in when the player has gone meanwhile', () => {
    const { desk, voice, run, zone } = stage();
    desk.answers = false;
    voice.attach(7, 'ann');
    run();
    voice.detach(7, 'ann', true);
    desk.answer(last(desk.of('load')));
    run();
    expect(zone.zone.gauges()).toMatchObject({ players: 0, arrivals_waiting: 0 });
  });

  it('is nobody any more whose gateway began another life: its sessions have the same numbers', () => {
    const { desk, zone, voice, run } = stage();
    desk.answers = false;
    voice.attach(7, 'ann', 1);
    run();
    const next = zone.voice('g1', 2);
    next.attach(7, 'bea', 1);
    run();
    const [ann, bea] = desk.of('load') as [DeskRequest, DeskRequest];
    desk.answer(ann, { kind: 'refused', code: 'character_frozen' });
    desk.answer(bea);
    run();
    expect([next.ends(7), last(next.records(7))]).toMatchObject([[], { attached: { incarnation: 1 } }]);
    expect(zone.zone.gauges()).toMatchObject({ players: 1, arrivals_waiting: 0 });
  });

  it('is told nothing by an owner that was replaced: the other one answers', () => {
    const { desk, voice, run } = stage();
    desk.answers = false;
    voice.attach(7, 'ann');
    run();
    desk.answer(last(desk.of('load')), { kind: 'refused', code: 'zone_replaced' });
    run();
    expect(voice.ends(7)).toEqual([]);
    expect(desk.replaced).toBe(1);
  });

  it('cannot be loaded for now: the player is told so, and comes in later', () => {
    const { desk, voice, run, zone } = stage();
    desk.answers = false;
    voice.attach(7, 'ann');
    run();
    desk.answer(last(desk.of('load')), { kind: 'later', code: 'character_unreachable', retryMs: 1_000 });
    run();
    expect(voice.ends(7)).toEqual(['character_unreachable']);
    voice.detach(7, 'ann', false);
    run(20);
    expect(zone.zone.counters.characters_waiting).toBe(1);
    desk.answers = true;
    voice.attach(8, 'ann', 2);
    desk.deliver();
    run();
    expect(last(voice.records(8))).toMatchObject({ attached: { incarnation: 2 } });
  });

  it.each(['character_frozen', 'character_unknown'] as const)('is refused as the desk says: %s', (code) => {
    const { desk, voice, run, zone } = stage();
    desk.answers = false;
    voice.attach(7, 'ann');
    run();
    desk.answer(last(desk.of('load')), { kind: 'refused', code });
    run();
    expect(voice.ends(7)).toEqual([code]);
    expect(zone.zone.gauges()).toMatchObject({ players: 0, arrivals_waiting: 0 });
  });

  it('is taken from the zone itself while nobody else has it as it left', () => {
    const { desk, zone, voice, run } = stage();
    const walker = stageWalker(desk, voice, run);
    run(5);
    desk.answers = false;
    const at = zone.at(walker);
    voice.detach(1, 'walker', true);
    run(50);
    const back = voice.join(2, 'walker', 2);
    expect(zone.at(back)).toEqual(at);
    expect(desk.loads()).toEqual(['walker']);
    desk.answers = true;
    run(100);
    voice.detach(2, 'walker', true, 2);
    run(2);
    voice.attach(3, 'walker', 3);
    expect(desk.loads()).toEqual(['walker', 'walker']);
  });

  it('whose place is a wall by now begins where newcomers do', () => {
    const { desk, join, zone } = stage();
    const stood = { character: 'ann', incarnation: 1, handovers: 1, tick: 1, leaves: true, kept: new Uint8Array(0) };
    desk.kept.set('ann', { ...stood, xMm: -5, yMm: 7 });
    expect(zone.at(join(7, 'ann', 2))).toEqual(SPAWN);
  });
});

describe('[WO22] a character that could not be saved', () => {
  it.each(['refused', 'unknown'] as const)('leaves the world, its player told: %s', (verdict: Verdict) => {
    const { desk, zone, voice, run } = stage();
    const walker = stageWalker(desk, voice, run);
    desk.answers = false;
    run(ROUND_TICKS);
    const asked = last(desk.of('checkpoint'));
    desk.answer(asked, desk.outcome(asked, verdict));
    run();
    expect(voice.ends(1)).toEqual(['character_frozen']);
    expect(zone.at(walker)).toBeNull();
    expect(zone.zone.counters).toMatchObject({ characters_frozen: 1, [`checkpoints_${verdict}`]: 1 });
    const asks = desk.of('checkpoint').length;
    run(3 * ROUND_TICKS);
    expect(desk.of('checkpoint')).toHaveLength(asks);
    expect(last(desk.presence())).toMatchObject({ character: 'walker', state: 'offline' });
  });

  it('is told of again until the gateway has heard it, and has to be loaded to come back', () => {
    const { desk, voice, run } = stage();
    stageWalker(desk, voice, run);
    desk.answers = false;
    run(ROUND_TICKS);
    const asked = last(desk.of('checkpoint'));
    desk.answer(asked, desk.outcome(asked, 'refused'));
    run();
    voice.say({ op: 'resync' });
    run();
    expect(voice.ends(1)).toEqual(['character_frozen', 'character_frozen']);
    voice.attach(1, 'walker');
    run();
    expect(desk.loads()).toEqual(['walker', 'walker']);
  });

  it('is the only one: the others play on', () => {
    const { desk, zone, voice, run, join } = stage();
    const walker = stageWalker(desk, voice, run);
    const ann = join(7, 'ann');
    voice.input(7, 1, zone.tick + 1, ['walk', east]);
    desk.answers = false;
    run(ROUND_TICKS);
    const asked = last(desk.of('checkpoint'));
    const [only] = desk.checkpoints().slice(-1);
    desk.answer(asked, desk.outcome(asked, 'refused'));
    run();
    expect([zone.at(walker), zone.at(ann)].filter((at) => at !== null)).toHaveLength(1);
    expect(only?.character).toBeDefined();
  });

  it('since the zone has another owner, is nobody: the owner is told to stop', () => {
    const { desk, zone, voice, run } = stage();
    const walker = stageWalker(desk, voice, run);
    desk.answers = false;
    run(ROUND_TICKS);
    desk.answer(last(desk.of('checkpoint')), { kind: 'refused', code: 'zone_replaced' });
    run();
    expect(desk.replaced).toBe(1);
    expect(zone.at(walker)).not.toBeNull();
  });
});

describe('[WO23] presence', () => {
  const states = (desk: TestDesk, character: string): string[] =>
    desk.presence().flatMap((change) => (change.character === character ? [change.state] : []));

  it('tells who comes, loses the line, comes back and goes, in that order', () => {
    const { desk, voice, run, join } = stage();
    join(7, 'ann');
    run();
    voice.detach(7, 'ann', false);
    run(2);
    voice.attach(8, 'ann', 2);
    run(2);
    voice.detach(8, 'ann', true, 2);
    run(2);
    expect(states(desk, 'ann')).toEqual(['online', 'away', 'online', 'offline']);
    const revisions = desk.presence().map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  });

  it('ends when the avatar does', () => {
    const { desk, voice, run, join } = stage();
    join(7, 'ann');
    voice.detach(7, 'ann', false);
    run(LINGER_MS / PERIOD_MS + 10);
    expect(states(desk, 'ann')).toEqual(['online', 'away', 'offline']);
  });

  it('says every few seconds that the owner is there, with nothing to tell', () => {
    const { desk, run } = stage();
    run((4 * PRESENCE_EVERY_MS) / PERIOD_MS);
    expect(desk.of('presence').length).toBeGreaterThanOrEqual(4);
    expect(desk.of('presence').length).toBeLessThanOrEqual(5);
  });

  it('is told when it is heard again, the last word only', () => {
    const { desk, voice, run, join } = stage();
    join(7, 'ann');
    run();
    desk.answers = false;
    voice.detach(7, 'ann', false);
    run(2);
    voice.attach(8, 'ann');
    voice.detach(8, 'ann', true);
    run(2);
    desk.answers = true;
    run(60);
    expect(states(desk, 'ann').slice(0, 2)).toEqual(['online', 'away']);
    expect(last(states(desk, 'ann'))).toBe('offline');
  });
});
