import { Random } from '@lifeverse/base';
import { BitReader, BitWriter } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellKey, compileView, predictedX, predictedY, SectionCodec, type Shadow } from '../common/index.ts';
import { testLayout } from '../common/test-layout.ts';
import { Scene, TOLERANCE_MM } from '../server/test-scene.ts';
import { AWAIT_ENTER_MS, Replica } from './replica.ts';

const codec = new SectionCodec(testLayout);
const view = compileView(testLayout.viewCellsSquared);
const CELL_MM = 32_000;
const TICK_MS = 50;

/** A stream's keyframe and the changes since, as a gateway keeps them. */
interface Cached {
  sequence: number;
  log: { readonly tick: number; readonly bytes: Uint8Array }[];
  changed: Uint8Array | null;
}

/** Who stands between a scene and one replica: keeps what each stream said, and passes on what is in view. */
class Relay {
  readonly scene: Scene;
  readonly replica: Replica;
  readonly known = new Set<number>();
  audiences = 0;
  readonly #streams = new Map<string, Cached>();
  /** Streams of which a section was dropped; keyed again once the reader has caught up. */
  readonly #dropped = new Set<Cached>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.replica = new Replica(
      codec,
      view,
      {
        entered: ({ id }) => {
          if (this.known.has(id)) expect.fail(`${id} entered twice`);
          this.known.add(id);
        },
        left: (id) => {
          if (!this.known.delete(id)) expect.fail(`${id} left without having been there`);
        },
      },
      12,
    );
    for (const audience of [0, 1])
      for (let y = -3; y < 6; y++) for (let x = -3; x < 6; x++) this.#read(cellKey(x, y), audience);
  }

  #read(cell: number, audience: number): void {
    const cached: Cached = { sequence: 0, log: [], changed: null };
    this.#streams.set(`${cell}/${audience}`, cached);
    const section = (_slot: number, key: boolean, bytes: Uint8Array): void => {
      const copy = bytes.slice();
      if (key) cached.log = [];
      else cached.changed = copy;
      cached.log.push({ tick: this.scene.tick, bytes: copy });
    };
    const head = (_slot: number, sequence: number): void => {
      cached.sequence = sequence;
    };
    this.scene.stream(cell, audience).subscribe({ section, head }, 0);
  }

  /** By its number in the view. */
  #stream(index: number): Cached {
    const { anchorX, anchorY } = this.replica;
    const place = index % view.size;
    const cell = cellKey(anchorX + (view.dx[place] as number), anchorY + (view.dy[place] as number));
    return this.#streams.get(`${cell}/${Math.floor(index / view.size)}`) as Cached;
  }

  #inView(): number[] {
    const count = this.audiences === 0 ? view.size : 2 * view.size;
    return Array.from({ length: count }, (_, index) => index);
  }

  /** One tick of the scene. Sections are dropped now and then: a replica that sees the gap is keyed at once. */
  play(random: Random): void {
    for (const cached of this.#streams.values()) cached.changed = null;
    this.scene.play();
    const nowMs = this.scene.tick * TICK_MS;
    const wanted: number[] = [];
    for (const index of this.#inView()) {
      const { changed, sequence } = this.#stream(index);
      if (changed === null) continue;
      if (random.chance(0.05)) {
        this.#dropped.add(this.#stream(index));
        continue;
      }
      const reference = index * 4 + (sequence & 3);
      const result = this.replica.readChange(new BitReader(changed), reference, this.scene.tick, nowMs);
      if (result !== 'ok') wanted.push(index);
      if (result === 'malformed' || result === 'checksum') expect.fail(`stream ${index}: ${result}`);
    }
    this.key(wanted);
    this.replica.expire(nowMs);
  }

  key(indices: readonly number[]): void {
    for (const index of indices) {
      const { log, sequence } = this.#stream(index);
      const out = new BitWriter();
      for (const { tick, bytes } of log) {
        out.chunked(this.scene.tick - tick, 7);
        out.octets(bytes);
      }
      const from = new BitReader(out.bytes());
      if (!this.replica.readKey(from, index, sequence & 0xff, log.length, this.scene.tick)) expect.fail('malformed');
    }
  }

  moveTo(x: number, y: number, audiences: number): void {
    const before = new Set(this.replica.cellCount === 0 ? [] : this.#inView().map((index) => this.#stream(index)));
    this.audiences = audiences;
    this.replica.moveTo(x, y, audiences);
    this.key(this.#inView().filter((index) => !before.has(this.#stream(index))));
  }

  /** The reader takes bytes again. */
  catchUp(): void {
    this.key(this.#inView().filter((index) => this.#dropped.has(this.#stream(index))));
    this.#dropped.clear();
  }

  get behind(): boolean {
    return this.#dropped.size > 0;
  }
}

function expectTrue({ scene, replica, audiences, known }: Relay): void {
  const { columns, tick } = scene;
  const seen = scene.actors.filter((actor) => {
    const inView = view.indexAt(actor.cellX - replica.anchorX, actor.cellY - replica.anchorY) >= 0;
    return actor.present && inView && (actor.audience === 0 || audiences === 1);
  });
  for (const { row } of seen) {
    const entity = replica.entities.get(columns.id[row] as number);
    if (entity === undefined) {
      expect.fail(`${columns.id[row]} is not seen`);
      continue;
    }
    const dx = predictedX(entity.shadow, tick) - (columns.x[row] as number);
    const dy = predictedY(entity.shadow, tick) - (columns.y[row] as number);
    if (dx * dx + dy * dy > TOLERANCE_MM * TOLERANCE_MM) expect.fail(`${entity.id} is off by ${dx}, ${dy}`);
    if (entity.generation !== columns.generation[row] || entity.awaitedSinceMs !== null)
      expect.fail(`${entity.id} is stale`);
  }
  const ids = new Set(seen.map(({ row }) => columns.id[row]));
  for (const entity of replica.entities.values()) {
    const awaitedMs =
      entity.awaitedSinceMs === null ? Number.POSITIVE_INFINITY : tick * TICK_MS - entity.awaitedSinceMs;
    if (!ids.has(entity.id) && awaitedMs > AWAIT_ENTER_MS) expect.fail(`${entity.id} is long gone`);
  }
  if (known.size !== replica.entities.size) expect.fail('who is known is not who was announced');
}

describe('[SY3] a view that moves', () => {
  it('shows all that is in it, where it is, and nothing else, whatever was lost on the way', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const relay = new Relay(new Scene({ seed, visible: 9 }));
        relay.scene.play();
        relay.moveTo(1, 1, 0);
        for (let i = 0; i < 120; i++) {
          relay.play(random);
          if (random.chance(0.1)) relay.moveTo(random.below(3), random.below(3), random.below(2));
          if (random.chance(0.3)) relay.catchUp();
          if (relay.behind) continue;
          expectTrue(relay);
          compared++;
        }
      }),
    );
    expect(compared).toBeGreaterThan(1_000);
  });

  it('keeps what stays in it, forgets what is no longer in it, and waits for what is new', () => {
    const { replica, left } = small();
    enter(replica, 0, { id: 1 });
    enter(replica, 9, { id: 2, y: -60_000 });
    enter(replica, 12, { id: 3, y: 65_000 });
    // The view goes north: 9 is two cells south of the old anchor, 12 two cells north of it.
    replica.moveTo(0, 1, 0);
    expect(left).toEqual([2]);
    expect([...replica.entities.keys()]).toEqual([1, 3]);
    expect(update(replica, view.indexAt(0, 1), 2)).toBe('ok');
    expect(update(replica, view.indexAt(0, -1), 2)).toBe('ok');
    // New in it: read past until its keyframe.
    const [x, y] = [0, 3];
    expect(update(replica, view.indexAt(x, y - 1), 7)).toBe('ok');
    expect(replica.entities.size).toBe(2);
  });
});

/** A replica at the cell 0,0, all of its streams followed from sequence 0 on. */
function small() {
  const entered: number[] = [];
  const left: number[] = [];
  const replica = new Replica(codec, view, { entered: ({ id }) => entered.push(id), left: (id) => left.push(id) }, 12);
  replica.moveTo(0, 0, 0);
  for (let index = 0; index < view.size; index++) key(replica, index, []);
  return { replica, entered, left };
}

const one: Shadow = { id: 1, generation: 1, tick: 100, x: 1_000, y: 1_000, vx: 10, vy: 0, components: [0, '', 5] };

function cellOf(replica: Replica, index: number): number {
  return cellKey(replica.anchorX + (view.dx[index] as number), replica.anchorY + (view.dy[index] as number));
}

function section(write: (out: BitWriter) => void): BitReader {
  const out = new BitWriter();
  out.bit(true);
  write(out);
  codec.endStructure(out);
  codec.endUpdates(out);
  return new BitReader(out.bytes());
}

function key(replica: Replica, index: number, shadows: readonly Shadow[], sequence = 0): void {
  const body = section((out) => {
    for (const [slot, shadow] of shadows.entries()) codec.writeEnter(out, cellOf(replica, index), slot, shadow, 100);
  });
  const out = new BitWriter();
  out.chunked(0, 7);
  out.octets(body.octets(body.bitsLeft >> 3));
  expect(replica.readKey(new BitReader(out.bytes()), index, sequence, 1, 100)).toBe(true);
}

function enter(replica: Replica, index: number, change: Partial<Shadow>, reference = 1): string {
  const shadow = { ...one, ...change };
  const from = section((out) => codec.writeEnter(out, cellOf(replica, index), 0, shadow, 100));
  return replica.readChange(from, index * 4 + reference, 100, 5_000);
}

function leave(replica: Replica, index: number, to: number, reference = 2): string {
  return replica.readChange(
    section((out) => codec.writeLeave(out, 0, to)),
    index * 4 + reference,
    101,
    5_050,
  );
}

/** A section with nothing in it. */
function update(replica: Replica, index: number, reference: number): string {
  return replica.readChange(
    section(() => {}),
    index * 4 + (reference & 3),
    101,
    5_050,
  );
}

describe('[SY4] sequences', () => {
  it('are followed one by one; a gap asks for a keyframe, and until it comes nothing of the stream is taken', () => {
    const { replica } = small();
    expect(enter(replica, 3, { id: 1 }, 1)).toBe('ok');
    expect(enter(replica, 3, { id: 2 }, 3)).toBe('gap');
    expect(enter(replica, 3, { id: 2 }, 0)).toBe('ok');
    expect([...replica.entities.keys()]).toEqual([1]);
    key(replica, 3, [{ ...one, id: 2 }], 255);
    expect([...replica.entities.keys()]).toEqual([2]);
    expect([update(replica, 3, 256), update(replica, 3, 257), update(replica, 3, 259)]).toEqual(['ok', 'ok', 'gap']);
  });

  it('of a stream that is not in view make the frame unreadable', () => {
    const { replica } = small();
    expect(update(replica, view.size, 1)).toBe('malformed');
    expect(
      replica.readKey(
        section(() => {}),
        view.size,
        0,
        1,
        100,
      ),
    ).toBe(false);
  });
});

describe('[SY25] what does not follow from what is held', () => {
  it('asks for a keyframe, by the name of a checksum', () => {
    const { replica } = small();
    expect(leave(replica, 3, 0, 1)).toBe('checksum');
    expect(update(replica, 3, 2)).toBe('ok');
    key(replica, 3, [one], 9);
    expect(update(replica, 3, 10)).toBe('ok');
    const wrong = section((out) => codec.writeChecksum(out, 12_345));
    expect(replica.readChange(wrong, 3 * 4 + (11 & 3), 101, 5_050)).toBe('checksum');
  });

  it('loses all streams at once when a message is malformed, those of audiences too', () => {
    const { replica } = small();
    replica.moveTo(0, 0, 0b10);
    const indices = replica.loseAll();
    expect(indices).toEqual([
      ...Array(view.size).keys(),
      ...Array.from({ length: view.size }, (_, i) => 2 * view.size + i),
    ]);
    expect(enter(replica, 0, { id: 5 })).toBe('ok');
    expect(replica.entities.size).toBe(0);
  });

  it('a broken keyframe leaves everything as it was', () => {
    const { replica, left } = small();
    enter(replica, 3, { id: 1 });
    const cut = new BitReader(Uint8Array.of(0x00, 0x03, 0x01));
    expect(replica.readKey(cut, 3, 7, 2, 100)).toBe(false);
    expect([replica.entities.size, left]).toEqual([1, []]);
    expect(leave(replica, 3, 0, 2)).toBe('ok');
    expect(left).toEqual([1]);
  });
});

describe('[SY15] a keyframe', () => {
  it('replaces what was held: who is still there was never away, who is not is gone', () => {
    const { replica, entered, left } = small();
    enter(replica, 3, { id: 1 });
    enter(replica, 4, { id: 2 });
    const { track } = replica.entities.get(1) as { track: object };
    key(replica, 3, [{ ...one, id: 3 }, one], 4);
    expect([entered, left]).toEqual([[1, 2, 3], []]);
    expect(replica.entities.get(1)?.track).toBe(track);
    key(replica, 3, [], 5);
    expect(left.sort()).toEqual([1, 3]);
  });
});

describe('[SY16] generations', () => {
  it('the highest one is right, in whichever order the cells are read', () => {
    const { replica, entered, left } = small();
    const [from, to] = [view.indexAt(0, 0), view.indexAt(1, 0)];
    enter(replica, from, { id: 1, generation: 4 });
    // The cell it went to is read first.
    enter(replica, to, { id: 1, generation: 5, x: CELL_MM + 2_000 });
    expect(replica.entities.get(1)).toMatchObject({ generation: 5, awaitedSinceMs: null });
    leave(replica, from, 5);
    expect([entered, left]).toEqual([[1], []]);
    // A word of an earlier life, from a third cell.
    enter(replica, view.indexAt(0, 1), { id: 1, generation: 3, x: 0, y: CELL_MM });
    expect(replica.entities.get(1)?.shadow.x).toBe(CELL_MM + 2_000);
    leave(replica, view.indexAt(0, 1), 0);
    expect(replica.entities.size).toBe(1);
  });
});

describe('[SY17] who leaves for another cell', () => {
  const east = view.indexAt(1, 0);

  it('is kept for 250 ms if that cell is in view, and goes on as predicted meanwhile', () => {
    const { replica, left } = small();
    enter(replica, 0, { id: 1 });
    leave(replica, 0, 5);
    const entity = replica.entities.get(1);
    expect(entity?.awaitedSinceMs).toBe(5_050);
    const out = { x: 0, y: 0, vx: 0, vy: 0 };
    entity?.track.at(103, out);
    expect(out.x).toBe(1_030);
    replica.expire(5_300);
    expect(left).toEqual([]);
    replica.expire(5_301);
    expect([left, replica.entities.size]).toEqual([[1], 0]);
    expect(AWAIT_ENTER_MS).toBe(250);
  });

  it('is the same entity when it arrives in time', () => {
    const { replica, entered, left } = small();
    enter(replica, 0, { id: 1 });
    leave(replica, 0, 5);
    enter(replica, east, { id: 1, generation: 2, x: CELL_MM + 10 });
    replica.expire(9_000);
    expect([entered, left, replica.entities.get(1)?.awaitedSinceMs]).toEqual([[1], [], null]);
  });

  it('is kept too when it jumped, but is gone at once when it left the world or the view', () => {
    const { replica, left } = small();
    enter(replica, 0, { id: 1 });
    leave(replica, 0, 9);
    enter(replica, 1, { id: 2 });
    leave(replica, 1, 0);
    // The cell two to the east; its own eastern neighbour is out of view.
    const edge = view.indexAt(2, 0);
    enter(replica, edge, { id: 3, x: 2 * CELL_MM + 5 });
    leave(replica, edge, 5);
    expect(left).toEqual([2, 3]);
    expect([...replica.entities.keys()]).toEqual([1]);
  });
});
