import { describe, expect, it } from 'vitest';
import { keyed } from '../books/test-books.ts';
import type { Life, PlayerRecord, Told } from '../walkers/record.ts';
import { annAndBobSeen, counter, gifts, giftsEndMs } from '../walkers/test-gifts.ts';
import { type Evidence, judge, type Strike } from './judge.ts';
import { partition, type ZoneFaultKind, zoneAndStandbyCrash, zoneCrash, zonePause } from './kinds.ts';
import { zoneFaultReport } from './report.ts';
import { sawOf } from './saw.ts';

const STRIKE_MS = 4_000;
const BACK_MS = 5_400;

/** A copy goes on, a little further back: what it had not taken is said again. */
function fromCopy(): PlayerRecord {
  return rewound(counter('Ann', 1, [STRIKE_MS, BACK_MS]), 3);
}

/** The first words behind the silence are of so many inputs earlier, and the words after it make up for it. */
function rewound(record: PlayerRecord, inputs: number): PlayerRecord {
  return withLives(record, (life) => {
    const at = life.told.findIndex(({ atMs }) => atMs > BACK_MS);
    const last = life.told[at - 1] as Told;
    const back = { applied: last.applied - inputs, counted: last.counted - inputs, last: last.last - inputs };
    const first = { ...last, ...back, atMs: BACK_MS + 10 };
    return { told: [...life.told.slice(0, at), first, ...life.told.slice(at)] };
  });
}

function withLives(record: PlayerRecord, change: (life: Life) => Partial<Life>): PlayerRecord {
  return { ...record, lives: record.lives.map((life) => ({ ...life, ...change(life) })) };
}

function fine(): Evidence {
  return {
    records: [fromCopy(), counter('Bob', 2, null)],
    sightings: [annAndBobSeen],
    ...gifts([]),
    strikes: [
      {
        ...{ how: 'killed', servers: ['zone-1'], zones: [1], atMs: STRIKE_MS, happened: true },
        ...{ takenMs: 5_350, againMs: 6_000, untilMs: 8_000 },
      },
    ],
    handovers: 7,
    owners: [
      { zone: 1, epoch: 5, server: 'zone-1', firstMs: 900, lastMs: 4_000, bundles: 60 },
      { zone: 1, epoch: 6, server: 'zone-2', firstMs: 5_350, lastMs: 12_990, bundles: 150 },
    ],
    ...{ strays: [], heard: [], writesRefused: 0 },
    asked: [3, 4, 5, 6].map((id) => ({ key: keyed(id), zone: 1, epoch: id < 5 ? 5 : 6 })),
    writes: [
      { kind: 'checkpoint', order: 1, zone: 1, epoch: 5, newest: 5 },
      ...[3, 4].map((id) => ({ kind: 'operation', order: id, key: keyed(id) }) as const),
      { kind: 'taken', order: 5, zone: 1, epoch: 6 },
      ...[5, 6].map((id) => ({ kind: 'operation', order: id + 1, key: keyed(id) }) as const),
    ],
    endMs: giftsEndMs,
  };
}

function reported(kind: ZoneFaultKind, evidence: Evidence, trouble: readonly string[] = []) {
  const played = { kind, players: 2, repeats: 1, trouble };
  const report = zoneFaultReport(played, evidence, judge(evidence, kind.fromCopy));
  return { ...report, saw: sawOf(report.result, evidence) };
}

const ann = (change: (record: PlayerRecord) => PlayerRecord) => (evidence: Evidence) => {
  const [first, ...others] = evidence.records;
  return { ...evidence, records: [change(first as PlayerRecord), ...others] };
};
/** On another connection behind the strike, by so much further east. */
const cameAnew = (entity: number, m: number) =>
  ann(() => {
    const record = counter('Ann', 1, [STRIKE_MS, BACK_MS]);
    const [life] = record.lives as [Life];
    const [before, after] = [
      life.told.filter(({ atMs }) => atMs <= BACK_MS),
      life.told.filter(({ atMs }) => atMs > BACK_MS),
    ];
    const done = (before.at(-1) as Told).applied;
    const inputs = life.inputs.filter(({ sequence }) => sequence > done);
    const told = [{ ...(before.at(-1) as Told), atMs: BACK_MS }, ...after];
    const next: Life = {
      ...{ gateway: 1, entity },
      inputs: inputs.map((input) => ({ ...input, sequence: input.sequence - done })),
      told: told.map((word) => ({ ...word, applied: word.applied - done, x: word.x + m })),
    };
    const first = { ...life, told: before, inputs: life.inputs.filter(({ sequence }) => sequence <= done) };
    return { ...record, lives: [first, next], lostMs: [5_000], screens: [{ atMs: 5_000, says: 'Out of reach.' }] };
  });

describe('a zone that goes on elsewhere', () => {
  it('passes where a copy goes on, though it takes back for a moment what it had not got', () => {
    const { result, objections, saw } = reported(zoneCrash, fine());
    expect(objections).toEqual([]);
    expect(result).toMatchObject({
      ...{ drill: 'zone-crash', passed: true, faults_injected: 1, operations_total: 4, handovers: 7, disconnects: 0 },
      ...{ input_gap_ms_max: 1_450, position_lost_m_max: 0, entities_lost: 0, inputs_lost: 0, inputs_doubled: 0 },
      ...{ taken_ms_max: 1_350, playable_ms_p99: 1_450, operations_done: 4, stale_frames: 0, stale_writes: 0 },
    });
    expect(saw).toContain('the longest wait for an answer was 1.4 s for 99 players in 100');
    expect(saw).toContain('No screen said anything of it.');
    for (const kind of [zonePause, partition]) expect(reported(kind, fine()).objections).toEqual([]);
  });

  it('passes where what was kept goes on, and what players read is told', () => {
    const { result, objections, saw } = reported(zoneAndStandbyCrash, cameAnew(9, 12)(fine()));
    expect(objections).toEqual([]);
    expect(result).toMatchObject({ entities_renewed: 1, entities_lost: 0, position_lost_m_max: 12, disconnects: 1 });
    expect(saw).toContain('“Out of reach.” (1 times)');
    expect(saw).toContain('1 times somebody was let in anew where they were last kept, up to 12 m');
  });
});

const word = (change: (word: Told, at: number) => Partial<Told>) =>
  ann((record) => withLives(record, ({ told }) => ({ told: told.map((one, at) => ({ ...one, ...change(one, at) })) })));
const behind = (change: (word: Told) => Partial<Told>) => word((one) => (one.atMs > BACK_MS ? change(one) : {}));
const stray = { zone: 1, epoch: 5, newest: 6, atMs: 6_100, pieces: [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)] };
const [struck] = fine().strikes;

it.each<[string, ZoneFaultKind, (evidence: Evidence) => Evidence, RegExp]>([
  [
    'a copy that goes on too late',
    zoneCrash,
    ann(() => counter('Ann', 1, [4_000, 7_000])),
    /input_gap_ms_p99 is 3.05 s/,
  ],
  [
    'who plays again too late',
    zoneAndStandbyCrash,
    (it) => ({
      ...ann(() => counter('Ann', 1, [4_000, 12_100]))(it),
      strikes: [{ ...struck, untilMs: 12_900 }] as never,
    }),
    /playable_ms_p99 is 8.15 s/,
  ],
  [
    'who never plays again',
    zoneCrash,
    ann(() => counter('Ann', 1, [4_000, 20_000])),
    /Ann had no input acknowledged again/,
  ],
  ['a place too far back', zoneCrash, behind(({ x }) => ({ x: x - 4 })), /position_lost_m_max is 4 m/],
  ['what was kept longer ago', zoneAndStandbyCrash, cameAnew(9, 16), /position_lost_m_max is 16 m/],
  ['an input that is forgotten', zoneCrash, behind(({ counted }) => ({ counted: counted - 1 })), /inputs_lost is 1/],
  [
    'an input that is done twice',
    zonePause,
    behind(({ counted }) => ({ counted: counted + 1 })),
    /inputs_doubled is 1/,
  ],
  [
    'an acknowledgement that is taken back when nothing failed',
    zoneCrash,
    word(({ applied }, at) => (at === 20 ? { applied: applied - 5, counted: applied - 5, last: applied - 5 } : {})),
    /input 19 was acknowledged, and then only 15/,
  ],
  ['somebody else', zoneCrash, cameAnew(9, 0), /Ann came back as another entity/],
  [
    'somebody twice',
    zoneCrash,
    (it) => ({ ...it, sightings: [[...annAndBobSeen, { name: 'Bob', entity: 7 }]] }),
    /seen 2 times/,
  ],
  ['nobody', zoneAndStandbyCrash, (it) => ({ ...it, sightings: [annAndBobSeen.slice(1)] }), /Ann was seen by nobody/],
  [
    'a coin that was given and is not there',
    zoneAndStandbyCrash,
    (it) => ({
      ...it,
      books: { ...it.books, durable: { ...it.books.durable, operations: it.books.durable.operations.slice(0, -1) } },
    }),
    /operations_lost is 1/,
  ],
  [
    'a coin of which nobody knows',
    zoneCrash,
    (it) => ({ ...it, deals: it.deals.map((deal, at) => (at === 1 ? { ...deal, outcome: null } : deal)) }),
    /operations_unknown is 1/,
  ],
  [
    'a frame of the former owner',
    zonePause,
    (it) => ({ ...it, strays: [stray], heard: [{ name: 'Ann', atMs: 6_120, bytes: stray.pieces[0] as Uint8Array }] }),
    /stale_frames is 1/,
  ],
  [
    'a checkpoint of the former owner',
    zonePause,
    (it) => ({ ...it, writes: [...it.writes, { kind: 'checkpoint', order: 9, zone: 1, epoch: 5, newest: 6 }] }),
    /stale_writes is 1/,
  ],
  [
    'a coin of the former owner',
    zonePause,
    (it) => ({ ...it, asked: it.asked.map((ask) => ({ ...ask, epoch: 5 })) }),
    /stale_writes is 2/,
  ],
  [
    'a fault that nobody saw',
    zoneCrash,
    (it) => ({ ...it, strikes: [{ ...struck, happened: false }] as never }),
    /faults_injected is 0/,
  ],
  [
    'zones that nobody took',
    zonePause,
    (it) => ({ ...it, strikes: [{ ...struck, takenMs: null }] as never }),
    /faults_injected is 0/,
  ],
  [
    'a bus that nobody listened to',
    zonePause,
    (it) => ({ ...it, owners: it.owners.slice(1) }),
    /nothing was heard on the bus of zone 1/,
  ],
  ['a database that nobody looked at', zonePause, (it) => ({ ...it, writes: [] }), /no checkpoint was seen/],
])('finds %s', (_what, kind, plant, objection) => {
  const { result, objections } = reported(kind, plant(fine()));
  expect(result.passed).toBe(false);
  expect(objections.join('\n')).toMatch(objection);
});

it('who waited for a second once more, long after, had been playing again by then', () => {
  const later = (fromMs: number) =>
    ann((record) =>
      withLives(record, ({ told }) => ({ told: told.filter(({ atMs }) => atMs < fromMs || atMs > fromMs + 1_200) })),
    );
  const strikes = [{ ...(struck as Strike), untilMs: 12_900 }];
  const playable = (fromMs: number) => judge({ ...later(fromMs)(fine()), strikes }, true).playableMs;
  expect(playable(10_000)).toEqual([1_450, 0]);
  expect(playable(6_000)).toEqual([3_250, 0]);
});

it('is no pass when it did not come to its end', () => {
  expect(reported(zoneCrash, fine(), ['waited in vain']).objections).toContain('waited in vain');
});
