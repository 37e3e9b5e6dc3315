import { Random } from '@lifeverse/base';
import { BitWriter, limits, type Raw } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellKey, predictedX, predictedY, SectionCodec, type Shadow, SlotTable } from '../common/index.ts';
import { testLayout } from '../common/test-layout.ts';
import { CellStream, type StreamReader } from './cell-stream.ts';
import { columnsFor, contents, Follower, readInto, Scene, TOLERANCE_MM } from './test-scene.ts';

const seeds = fc.nat({ max: 2 ** 31 });
const TICKS = 150;

/** As `toEqual`, but quick as long as all is well: there are a million of these comparisons. */
function expectSame(a: unknown, b: unknown): void {
  if (JSON.stringify(a) !== JSON.stringify(b)) expect(a).toEqual(b);
}

/** All that a follower holds is true to within the tolerance, and it holds all. */
function expectTrue(scene: Scene, follower: Follower, audience: number): void {
  const { columns, tick } = scene;
  const present = scene.inStream(follower.cell, audience);
  const shadows = new Map<unknown, Shadow>();
  for (const shadow of follower.table.slots) if (shadow !== null) shadows.set(shadow.id, shadow);
  expectSame([...shadows.keys()].sort(), present.map(({ row }) => columns.id[row]).sort());
  for (const { row } of present) {
    const shadow = shadows.get(columns.id[row]) as Shadow;
    const dx = predictedX(shadow, tick) - (columns.x[row] as number);
    const dy = predictedY(shadow, tick) - (columns.y[row] as number);
    if (dx * dx + dy * dy > TOLERANCE_MM * TOLERANCE_MM)
      expect.fail(`${shadow.id} is off by ${dx}, ${dy} mm at ${tick}`);
    expectSame(
      shadow.components,
      columns.shared.map((column) => column[row]),
    );
    expectSame(shadow.generation, columns.generation[row]);
  }
}

/** What the sender believes of its receivers, as it tells it to the owner of the columns. */
function senderShadows(scene: Scene, cell: number, audience: number): object[] {
  const { id, shadowTick, shadowX, shadowY, shadowVx, shadowVy } = scene.columns;
  const actors = scene.inStream(cell, audience);
  return actors.map(({ row }) => [id, shadowTick, shadowX, shadowY, shadowVx, shadowVy].map((column) => column[row]));
}

const byId = (a: object, b: object): number => ((a as number[])[0] as number) - ((b as number[])[0] as number);

describe('[SY5] the sender simulates its receivers', () => {
  it('who never lost a section holds bit for bit what the sender believes, and that is true within the tolerance', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const scene = new Scene({ seed, visible: 9 });
        const followers = [0, 1].flatMap((audience) =>
          scene.cells().map((cell) => ({ audience, follower: new Follower(scene, cell, audience) })),
        );
        for (let i = 0; i < TICKS; i++) {
          scene.play();
          for (const { audience, follower } of followers) {
            expectSame(follower.settle(scene.tick, false) ?? 'ok', 'ok');
            expectTrue(scene, follower, audience);
            const held = follower.table.slots.flatMap((shadow) =>
              shadow === null ? [] : [[shadow.id, shadow.tick, shadow.x, shadow.y, shadow.vx, shadow.vy]],
            );
            expectSame(held.sort(byId), senderShadows(scene, follower.cell, audience).sort(byId));
          }
        }
        for (const { follower } of followers) expect(follower.keysTaken).toBe(1);
      }),
    );
  });

  it('who lost sections and took keyframes, and who came late, hold the same; none of them something else', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const scene = new Scene({ seed, visible: 9 });
        const random = new Random(seed);
        const lossy = scene.cells().map((cell) => new Follower(scene, cell, 0));
        const steady = scene.cells().map((cell) => new Follower(scene, cell, 0));
        for (let i = 0; i < TICKS; i++) {
          scene.play();
          for (const [at, follower] of lossy.entries()) {
            const old = steady[at] as Follower;
            const { keyframe } = old;
            expectSame(old.settle(scene.tick, false) ?? 'ok', 'ok');
            expectSame(follower.settle(scene.tick, random.chance(0.1)) ?? 'ok', 'ok');
            if (keyframe !== undefined) {
              const table = new SlotTable();
              expectSame(readInto(scene.codec, old.cell, scene.tick, keyframe, table), 'ok');
              expectSame(contents(table, scene.tick), contents(old.table, scene.tick));
            }
            if (follower.sequence !== old.sequence) continue;
            expectSame(contents(follower.table, scene.tick), contents(old.table, scene.tick));
            expectSame(follower.table.checksum(scene.tick + 7), old.table.checksum(scene.tick + 7));
          }
          if (random.chance(0.05)) {
            const at = random.below(lossy.length);
            (lossy[at] as Follower).stream.unsubscribe(lossy[at] as Follower);
            lossy[at] = new Follower(scene, (lossy[at] as Follower).cell, 0);
          }
        }
        expect(lossy.some(({ keysTaken }) => keysTaken > 1)).toBe(true);
      }),
    );
  });

  it('says nothing as long as the prediction of its receivers holds', () => {
    const { stream, columns, heard } = quietCell(3);
    columns.vx.fill(100);
    for (let tick = 11; tick <= 500; tick++) {
      for (let row = 0; row < 3; row++) columns.x[row] = (columns.x[row] as number) + 100;
      // Straight on; then off the line by less than the tolerance.
      if (tick === 100) columns.y[0] = (columns.y[0] as number) + TOLERANCE_MM;
      stream.flush(columns, tick);
    }
    expect(heard.length).toBe(2);
    columns.y[0] = (columns.y[0] as number) + 1;
    stream.flush(columns, 501);
    expect(heard.map(({ key }) => key)).toEqual([true, false, false]);
  });
});

interface Heard {
  readonly key: boolean;
  readonly bytes: Uint8Array;
  readonly tick: number;
}

/** A cell with some who stand in it, and one who listens. */
function quietCell(count: number) {
  const codec = new SectionCodec(testLayout);
  const columns = columnsFor(count, codec.components);
  const stream = new CellStream(cellKey(0, 0), 0, codec, TOLERANCE_MM, new BitWriter());
  const heard: Heard[] = [];
  const reader: StreamReader = {
    section: (_slot, key, bytes) => heard.push({ key, bytes: bytes.slice(), tick: 0 }),
    head() {},
  };
  for (let row = 0; row < count; row++) {
    columns.id[row] = row + 1;
    columns.generation[row] = 1;
    stream.enter(row);
  }
  stream.subscribe(reader, 0);
  stream.flush(columns, 10);
  return { codec, columns, stream, heard };
}

describe('[SY6] the checksum', () => {
  it.each<[string, (shadow: Shadow) => Shadow]>([
    ['a millimetre', (shadow) => ({ ...shadow, x: shadow.x + 1 })],
    ['a velocity', (shadow) => ({ ...shadow, vy: shadow.vy + 1 })],
    ['a component', (shadow) => ({ ...shadow, components: [1, '', 5] })],
    ['an identity', (shadow) => ({ ...shadow, id: 99 })],
  ])('finds %s of difference in a reader, within 64 changes', (_what, plant) => {
    const { codec, columns, stream, heard } = quietCell(4);
    const table = new SlotTable();
    expect(readInto(codec, cellKey(0, 0), 10, (heard.find(({ key }) => key) as Heard).bytes, table)).toBe('ok');
    const results: string[] = [];
    for (let change = 0; change < 130; change++) {
      const tick = 11 + change;
      columns.x[3] = (columns.x[3] as number) + (change % 2 === 0 ? 100 : -100);
      heard.length = 0;
      stream.flush(columns, tick);
      const { bytes } = heard.find(({ key }) => !key) as Heard;
      results.push(readInto(codec, cellKey(0, 0), tick, bytes, table));
      if (change === 64) table.set(1, plant(table.get(1) as Shadow));
    }
    expect(results.slice(0, 65).every((result) => result === 'ok')).toBe(true);
    expect(results.slice(65, 65 + 64)).toContain('disagrees');
  });
});

describe('[SY15] a keyframe', () => {
  it('comes unasked after 48 changes, or when the changes weigh twice as much, so that nobody has to keep more', () => {
    for (const busy of [1, 30]) {
      const { columns, stream, heard } = quietCell(30);
      let since = { changes: 0, bytes: 0 };
      let keyBytes = (heard.find(({ key }) => key) as Heard).bytes.length;
      for (let tick = 11; tick < 400; tick++) {
        for (let row = 0; row < busy; row++)
          columns.x[row] = (columns.x[row] as number) + (tick % 2 === 0 ? 200 : -200);
        heard.length = 0;
        stream.flush(columns, tick);
        for (const { key, bytes } of heard) {
          if (key) {
            keyBytes = bytes.length;
            since = { changes: 0, bytes: 0 };
          } else since = { changes: since.changes + 1, bytes: since.bytes + bytes.length };
        }
        expect(since.changes).toBeLessThan(48);
        expect(since.bytes).toBeLessThanOrEqual(2 * keyBytes + 64);
      }
    }
  });
});

interface Written {
  readonly cell: number;
  readonly tick: number;
  readonly what: string;
}

/** Every byte that goes to readers of an audience, of all cells, in the order of writing. */
function written(scene: Scene, audience: number, ticks: number): Written[] {
  const all: Written[] = [];
  for (const cell of scene.cells()) {
    const stream = scene.stream(cell, audience);
    const add = (what: string): void => void all.push({ cell, tick: scene.tick, what });
    const reader: StreamReader = {
      section: (_slot, key, bytes) => add(`${key ? 'key' : 'change'} ${Buffer.from(bytes).toString('hex')}`),
      head: (_slot, sequence) => add(`head ${sequence}`),
    };
    stream.subscribe(reader, 0);
  }
  for (let i = 0; i < ticks; i++) scene.play();
  return all;
}

describe('[SY18] what an audience may not know', () => {
  it('changes zero bytes for it: scenes with and without the doings of the hidden', () => {
    let acted = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const cast = { seed, visible: 5, hidden: 5 };
        const still = { ...cast, hiddenStand: true };
        expectSame(written(new Scene(cast), 0, TICKS), written(new Scene(still), 0, TICKS));
        acted += written(new Scene(cast), 1, TICKS).length - written(new Scene(still), 1, TICKS).length;
      }),
    );
    expect(acted).toBeGreaterThan(1_000);
  });

  it('changes zero bytes for it: scenes with the hidden, and without them', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const without = written(new Scene({ seed, visible: 5 }), 0, TICKS);
        expectSame(written(new Scene({ seed, visible: 5, hidden: 5 }), 0, TICKS), without);
      }),
    );
  });
});

describe('[SY19] a full cell', () => {
  it('shows as many as it has slots for; the others come in as places come free', () => {
    const count = limits.slotsPerCell + 40;
    const { codec, columns, stream, heard } = quietCell(count);
    const table = new SlotTable();
    const key = heard.find((one) => one.key) as Heard;
    expect(readInto(codec, cellKey(0, 0), 10, key.bytes, table)).toBe('ok');
    expect(table.slots.length).toBe(limits.slotsPerCell);
    for (const row of [0, 5, 4_000, count - 1]) stream.leave(row, null);
    columns.shared.forEach((column: Raw[], i) => {
      if (i === 0) column[limits.slotsPerCell] = 2;
    });
    heard.length = 0;
    stream.flush(columns, 11);
    expect(readInto(codec, cellKey(0, 0), 11, (heard[0] as Heard).bytes, table)).toBe('ok');
    const shown = table.slots.map((shadow) => shadow?.id);
    expect([shown.length, shown[0], shown[5], shown[4_000]]).toEqual([
      limits.slotsPerCell,
      limits.slotsPerCell + 1,
      limits.slotsPerCell + 2,
      limits.slotsPerCell + 3,
    ]);
    expect(table.get(0)?.components[0]).toBe(2);
    expect(stream.size).toBe(count - 4);
  });
});

describe('a stream that nobody reads', () => {
  it('says nothing, holds nothing back, and begins anew with who is there then', () => {
    const { codec, columns, stream } = quietCell(3);
    const [reader] = [...stream.readers()] as [StreamReader];
    stream.unsubscribe(reader);
    stream.flush(columns, 11);
    stream.leave(1, null);
    expect([stream.flush(columns, 12), stream.idle, stream.size]).toEqual([0, false, 2]);
    const heard: Uint8Array[] = [];
    stream.subscribe({ section: (_slot, _key, bytes) => heard.push(bytes.slice()), head() {} }, 0);
    stream.flush(columns, 13);
    const table = new SlotTable();
    expect(readInto(codec, cellKey(0, 0), 13, heard[0] as Uint8Array, table)).toBe('ok');
    expect(table.slots.map((shadow) => shadow?.id)).toEqual([1, 3]);
  });

  it('is idle once nobody is in it either', () => {
    const { columns, stream } = quietCell(1);
    stream.unsubscribe([...stream.readers()][0] as StreamReader);
    expect(stream.idle).toBe(false);
    stream.leave(0, null);
    stream.flush(columns, 11);
    expect(stream.idle).toBe(true);
  });

  it('is marked once for everything that it will have to say', () => {
    const codec = new SectionCodec(testLayout);
    const marked: CellStream[] = [];
    const columns = columnsFor(2, codec.components);
    const stream = new CellStream(
      cellKey(0, 0),
      0,
      codec,
      TOLERANCE_MM,
      new BitWriter(),
      (one) => void marked.push(one),
    );
    stream.enter(0);
    stream.enter(1);
    stream.leave(1, null);
    expect(marked).toEqual([stream]);
    stream.flush(columns, 1);
    stream.mark();
    expect(marked).toEqual([stream, stream]);
  });
});
