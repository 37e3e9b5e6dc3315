import { describe, expect, it } from 'vitest';
import type { Rules } from './serve.ts';
import { system } from './serve.ts';
import { east, north, RUN_MM_PER_TICK, SPAWN, TestZone, type Voice, type Yard } from './test-zone.ts';

function annAndBob(rules: Rules<Yard>): { zone: TestZone; voice: Voice; ann: number; bob: number } {
  const zone = new TestZone(rules);
  const voice = zone.voice();
  return { zone, voice, ann: voice.join(1, 'ann'), bob: voice.join(2, 'bob') };
}

describe('[WO1] a tick', () => {
  it('runs effects, inputs, systems and the step in this order', () => {
    const order: string[] = [];
    const { zone, voice, ann, bob } = annAndBob({
      commands: {
        wave: ({ self, at }) => {
          order.push(`input of ${self.id} at ${self.position.x}`);
          at.tell('cheered');
        },
      },
      effects: { cheered: ({ self }) => order.push(`effect on ${self.id} at ${self.position.x}`) },
      systems: [system({}, ({ self, tick }) => order.push(`system ${tick} on ${self.id} at ${self.position.x}`))],
    });
    order.length = 0;
    voice.input(1, 1, zone.tick + 1, ['walk', east], ['wave', { at: bob }]);
    zone.run(2);
    expect(order).toEqual([
      `input of ${ann} at 100.5`,
      `system 3 on ${ann} at 100.5`,
      `system 3 on ${bob} at 100.5`,
      `effect on ${bob} at 100.5`,
      `system 4 on ${ann} at 100.8`,
      `system 4 on ${bob} at 100.5`,
    ]);
  });

  it('whose number is not news does nothing; one may be skipped', () => {
    const { zone, voice, ann } = annAndBob({});
    voice.input(1, 1, zone.tick + 1, ['walk', east]);
    zone.zone.tick(10, 500);
    zone.zone.tick(10, 500);
    zone.zone.tick(9, 500);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + RUN_MM_PER_TICK, y: SPAWN.y });
    expect([zone.zone.tickNumber, zone.zone.counters.ticks, voice.bundles.at(-1)?.tick]).toEqual([10, 3, 10]);
  });
});

describe('[WO2] a zone', () => {
  const rules: Rules<Yard> = {
    populate: ({ random, spawn }) => {
      for (let i = 0; i < 20; i++) spawn('cat', { x: random.between(1, 100), y: random.between(1, 100) });
    },
    systems: [
      system({ every: 3, kind: 'cat' }, ({ self, random }) =>
        self.act('walk', { towards: random.between(0, 6), pace: 'run' }),
      ),
    ],
  };
  const places = (seed: number) => {
    const zone = new TestZone(rules, { seed });
    const voice = zone.voice();
    const ann = voice.join(1, 'ann');
    voice.input(1, 1, zone.tick + 2, ['walk', north]);
    zone.run(40);
    return [ann, Array.from(zone.zone.store.x.subarray(0, 21)), voice.bundles.map(({ bytes }) => [...bytes])];
  };

  it('does the same with the same seed and the same calls, and something else with another seed', () => {
    expect(places(5)).toEqual(places(5));
    expect(places(6)).not.toEqual(places(5));
  });
});

describe('[WO3] an effect', () => {
  it('reaches the other in the next tick, with who told it and what', () => {
    const paid: unknown[] = [];
    const { zone, voice, ann, bob } = annAndBob({
      commands: { wave: ({ at }) => at.tell('paid', { amount: 7 }) },
      effects: {
        paid: ({ self, from, input, tick }) => {
          self.purse += input.amount;
          paid.push([tick, self.id, from, self.purse]);
        },
      },
    });
    voice.input(1, 1, zone.tick + 1, ['wave', { at: bob }]);
    zone.run();
    expect(paid).toEqual([]);
    zone.run();
    expect(paid).toEqual([[zone.tick, bob, ann, 7]]);
  });

  it('keeps the order in which effects were told', () => {
    const amounts: number[] = [];
    const { zone, voice, bob } = annAndBob({
      commands: {
        wave: ({ at }) => {
          for (const amount of [3, 1, 2]) at.tell('paid', { amount });
        },
      },
      effects: { paid: ({ input }) => amounts.push(input.amount) },
    });
    voice.input(1, 1, zone.tick + 1, ['wave', { at: bob }]);
    zone.run(2);
    expect(amounts).toEqual([3, 1, 2]);
  });

  it('is lost, and counted, when the other is gone by then', () => {
    const { zone, voice, bob } = annAndBob({
      commands: { wave: ({ at }) => at.tell('cheered') },
      effects: { cheered: ({ self }) => (self.mood = 'merry') },
    });
    voice.input(1, 1, zone.tick + 1, ['wave', { at: bob }]);
    zone.run();
    voice.detach(2, 'bob', true);
    zone.run();
    expect([zone.zone.counters.effects_lost, zone.faults]).toEqual([1, []]);
  });

  it('is the only way to another: what else is there can only be read', () => {
    const { zone, voice, bob } = annAndBob({
      commands: {
        wave: ({ at }) => {
          (at as unknown as { mood: string }).mood = 'merry';
        },
      },
    });
    voice.input(1, 1, zone.tick + 1, ['wave', { at: bob }]);
    zone.run();
    expect(zone.faults).toMatchObject([{ where: 'wave', error: expect.any(TypeError) }]);
    expect(zone.zone.store.shared[1]).toEqual([0, 0]);
  });
});

describe('[WO6] what the rules refuse', () => {
  it('is told to the player, with the code they chose', () => {
    const { zone, voice } = annAndBob({
      commands: {
        say: ({ self, input, refuse }) => {
          if (input.text === 'rude') refuse();
          if (input.text === 'far') refuse('out_of_reach');
          self.mood = 'merry';
        },
      },
    });
    for (const [i, text] of ['rude', 'far', 'kind'].entries()) voice.input(1, i + 1, zone.tick + 1, ['say', { text }]);
    zone.run();
    expect(voice.refusals(1)).toEqual([
      [1, 'command_refused'],
      [2, 'out_of_reach'],
    ]);
    expect([zone.zone.store.shared[1]?.[0], zone.faults]).toEqual([1, []]);
  });

  it('includes commands that they have no handler for', () => {
    const { zone, voice } = annAndBob({});
    voice.input(1, 1, zone.tick + 1, ['say', { text: 'hello?' }]);
    zone.run();
    expect(voice.refusals(1)).toEqual([[1, 'command_refused']]);
  });
});

describe('[WO10] whom a command names', () => {
  const waves: Rules<Yard> = {
    commands: {
      wave: ({ self, at }) => {
        self.name = `waved at ${at.name}`;
        self.mood = at.position.x > self.position.x ? 'merry' : 'tired';
      },
      call: ({ self, whom }) => (self.name = `called ${whom.id}`),
      say: ({ self, input }) => {
        if (input.text === 'hide') self.hideIn('staff');
        if (input.text === 'join staff') self.watch('staff', true);
        if (input.text === 'leave staff') self.watch('staff', false);
      },
    },
    join: ({ self, guest }) => {
      self.name = guest.name;
    },
  };
  const nameOf = (zone: TestZone, id: number) => zone.zone.store.shared[0]?.[zone.zone.store.rowOf(id) as number];
  const apart = (bobXM: number) => {
    const scene = annAndBob(waves);
    const { store } = scene.zone.zone;
    const row = store.rowOf(scene.bob) as number;
    store.x[row] = store.lastX[row] = bobXM * 1_000;
    return scene;
  };

  it('comes to the handler as the entity itself', () => {
    const { zone, voice, ann, bob } = annAndBob(waves);
    voice.input(1, 1, zone.tick + 1, ['wave', { at: bob }]);
    zone.run();
    expect([nameOf(zone, ann), voice.refusals(1)]).toEqual(['waved at bob', []]);
  });

  it.each([
    [112.5, []],
    [112.501, [[1, 'out_of_reach']]],
  ])('must be within reach: at %f m', (bobXM, refusals) => {
    const { zone, voice, bob } = apart(bobXM);
    voice.input(1, 1, zone.tick + 1, ['wave', { at: bob }]);
    zone.run();
    expect(voice.refusals(1)).toEqual(refusals);
  });

  it('may be anywhere when the field declares no reach', () => {
    const { zone, voice, ann, bob } = apart(5);
    voice.input(1, 1, zone.tick + 1, ['call', { whom: bob }]);
    zone.run();
    expect([nameOf(zone, ann), voice.refusals(1)]).toEqual([`called ${bob}`, []]);
  });

  it('must be there', () => {
    const { zone, voice, bob } = annAndBob(waves);
    for (const [i, at] of [0, bob + 1, 2 ** 53 - 1].entries())
      voice.input(1, i + 1, zone.tick + 1, ['wave', { at: at as never }]);
    voice.detach(2, 'bob', true);
    voice.input(1, 4, zone.tick + 1, ['wave', { at: bob }]);
    zone.run();
    expect(voice.refusals(1)).toEqual([1, 2, 3, 4].map((sequence) => [sequence, 'target_unknown']));
  });

  it('must be there to be seen: one in hiding is as unknown as one that does not exist', () => {
    const { zone, voice, ann, bob } = annAndBob(waves);
    voice.input(2, 1, zone.tick + 1, ['say', { text: 'hide' }]);
    zone.run();
    voice.input(1, 1, zone.tick + 1, ['wave', { at: bob }]);
    zone.run();
    expect(voice.refusals(1)).toEqual([[1, 'target_unknown']]);
    voice.input(1, 2, zone.tick + 1, ['say', { text: 'join staff' }], ['wave', { at: bob }]);
    zone.run();
    expect([voice.refusals(1), nameOf(zone, ann)]).toEqual([[[1, 'target_unknown']], 'waved at bob']);
    expect(voice.records(1).at(-1)).toMatchObject({ audiences: 1 });
    voice.input(1, 3, zone.tick + 1, ['say', { text: 'leave staff' }], ['wave', { at: bob }]);
    zone.run();
    expect(voice.refusals(1)).toHaveLength(2);
  });
});

describe('[WO12] rules that throw', () => {
  const broken = new Error('a bug of the rules');
  const throwing = (): never => {
    throw broken;
  };

  it('end their own handler alone: the world goes on, and the player hears of it', () => {
    const { zone, voice, ann, bob } = annAndBob({
      join: ({ guest }) => {
        if (guest.name === 'bob') throwing();
      },
      commands: { say: throwing, wave: ({ at }) => at.tell('cheered') },
      effects: { cheered: throwing },
      systems: [
        system({}, ({ self }) => {
          if (self.kind === 'player') throwing();
        }),
        system({}, ({ self, tick }) => (self.purse = tick)),
      ],
    });
    zone.faults.length = 0;
    voice.input(1, 1, zone.tick + 1, ['say', { text: 'x' }], ['walk', east]);
    voice.input(1, 2, zone.tick + 1, ['wave', { at: bob }]);
    zone.run(2);
    expect(zone.faults.map(({ where }) => where)).toEqual(['say', 'system', 'system', 'cheered', 'system', 'system']);
    expect(zone.faults.every(({ error }) => error === broken)).toBe(true);
    expect(voice.refusals(1)).toEqual([[1, 'internal']]);
    expect(zone.at(ann)).toEqual({ x: SPAWN.x + 2 * RUN_MM_PER_TICK, y: SPAWN.y });
    expect(zone.zone.store.owned[0]).toEqual([zone.tick, zone.tick]);
    // One more when bob joined, and two systems in each of the two ticks before.
    expect(zone.zone.counters.rule_faults).toBe(6 + 1 + 1 + 2);
  });

  it('include those that write what a component cannot hold', () => {
    const { zone, voice } = annAndBob({
      commands: {
        say: ({ self, input }) => {
          self.purse = Number(input.text);
        },
      },
    });
    for (const [i, text] of ['-1', 'NaN', '1e9', '0.5', '12'].entries())
      voice.input(1, i + 1, zone.tick + 1, ['say', { text }]);
    zone.run();
    expect(zone.faults.map(({ error }) => (error as Error).message)).toEqual([
      'purse: -1 is out of its range',
      'purse: null is out of its range',
      'purse: 1000000000 is out of its range',
      'purse: 0.5 is out of its range',
    ]);
    expect(zone.zone.store.owned[0]?.[0]).toBe(12);
  });

  it.each([
    ['an unknown audience', ({ self }: { self: never }) => (self as { hideIn(a: string): void }).hideIn('gods')],
    ['a command that is not the predicted one', ({ self }: { self: never }) => act(self, 'say', { text: 'x' })],
    [
      'an input that does not fit',
      ({ self }: { self: never }) => act(self, 'walk', { towards: Number.NaN, pace: 'run' }),
    ],
    ['an unknown event', ({ self }: { self: never }) => (self as { emit(e: string): void }).emit('song')],
    ['the leaving of a player', ({ self }: { self: never }) => (self as { leave(): void }).leave()],
  ])('include %s', (_, say) => {
    const { zone, voice, ann } = annAndBob({ commands: { say: say as never } });
    voice.input(1, 1, zone.tick + 1, ['say', { text: 'x' }]);
    zone.run();
    expect(zone.faults).toHaveLength(1);
    expect(zone.at(ann)).toEqual(SPAWN);
  });
});

function act(self: never, command: string, input: object): void {
  (self as { act(command: string, input: object): void }).act(command, input);
}

describe('[WO13] systems', () => {
  it('come to each entity of their kind once in so many ticks, a share of them each tick', () => {
    const turns: [tick: number, id: number][] = [];
    const zone = new TestZone({
      populate: ({ spawn }) => {
        for (let i = 0; i < 40; i++) spawn(i % 2 === 0 ? 'cat' : 'dog', { x: 10 + i, y: 10 });
      },
      systems: [system({ every: 5, kind: 'cat' }, ({ self, tick }) => turns.push([tick, self.id]))],
    });
    zone.run(20);
    const byId = Map.groupBy(turns, ([, id]) => id);
    expect(byId.size).toBe(20);
    for (const list of byId.values()) {
      const ticks = list.map(([tick]) => tick);
      expect(ticks.map((tick) => tick - (ticks[0] as number))).toEqual([0, 5, 10, 15]);
    }
    const byTick = [...Map.groupBy(turns, ([tick]) => tick).values()].map((list) => list.length);
    expect(byTick).toEqual(new Array(20).fill(4));
  });

  it('come to players and whoever was spawned, when they name no kind', () => {
    const kinds: string[] = [];
    const zone = new TestZone({
      populate: ({ spawn, option }) => spawn(option('pet', 'cat'), { x: 10, y: 10 }, { name: 'Tom' }),
      systems: [system({}, ({ self }) => kinds.push(`${self.kind} ${self.name}`))],
    });
    zone.voice().join(1, 'ann');
    expect(kinds).toEqual(['cat Tom', 'player ']);
  });

  it('see those near, not themselves, nor those in hiding or beyond the radius', () => {
    const seen: string[] = [];
    const zone = new TestZone({
      populate: ({ spawn }) => {
        for (const [name, x] of [
          ['me', 63.9],
          ['near', 60],
          ['over the border', 64.1],
          ['at the edge', 73.9],
          ['beyond', 73.91],
        ] as const)
          spawn('cat', { x, y: 32 }, { name });
      },
      systems: [
        system({ kind: 'cat' }, ({ self, near }) => {
          if (self.name === 'near' && self.memory.hidden === undefined) {
            self.memory.hidden = true;
          } else if (self.name === 'near') self.hideIn('ghosts');
          if (self.name !== 'me') return;
          for (const other of near(10)) seen.push(other.name);
        }),
      ],
    });
    zone.run();
    expect(seen.sort()).toEqual(['at the edge', 'near', 'over the border']);
    seen.length = 0;
    zone.run(2);
    expect(seen.sort()).toEqual(['at the edge', 'at the edge', 'near', 'over the border', 'over the border']);
  });
});
