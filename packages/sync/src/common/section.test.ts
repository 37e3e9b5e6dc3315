import { Random } from '@lifeverse/base';
import { BitReader, BitWriter, limits } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellKey } from './cell.ts';
import { destination, destinationOf, neighbourOffset, SectionCodec, type SectionListener } from './section.ts';
import { type Shadow, SlotTable } from './slot-table.ts';
import { testLayout } from './test-layout.ts';

const codec = new SectionCodec(testLayout);
/** Beyond 0 on one axis, below on the other. */
const cell = cellKey(2, -1);
const walker: Shadow = {
  id: 300,
  generation: 2,
  tick: 100,
  x: 65_000,
  y: -3_000,
  vx: 70,
  vy: -300,
  components: [0, '', 5],
};
const sitter: Shadow = { ...walker, id: 5, vx: 0, vy: 0, components: [2, 'Sir', 0] };

function section(write: (out: BitWriter) => void): string {
  const out = new BitWriter();
  write(out);
  return Buffer.from(out.bytes()).toString('hex');
}

const clone = (shadow: Shadow): Shadow => ({ ...shadow, components: [...shadow.components] });

function tableOf(...shadows: Shadow[]): SlotTable {
  const table = new SlotTable();
  for (const [slot, one] of shadows.entries()) table.set(slot, clone(one));
  return table;
}

function listenerTo(heard: string[]): SectionListener {
  return {
    entered: (slot, shadow) => heard.push(`entered ${slot} ${shadow.id}`),
    left: (slot, shadow, to) => heard.push(`left ${slot} ${shadow.id} to ${to}`),
    moving: (shadow, tick, x, y, vx, vy) => heard.push(`moving ${shadow.id} ${tick}: ${x},${y} ${vx},${vy}`),
  };
}

function read(hex: string, table: SlotTable, tick: number): { result: string; heard: string[] } {
  const heard: string[] = [];
  const from = new BitReader(Buffer.from(hex, 'hex'));
  const result = codec.read(from, cell, tick, table, listenerTo(heard));
  expect(from.failed || from.bitsLeft < 8).toBe(true);
  return { result, heard };
}

describe('[SY7] a section', () => {
  it('without anything in it is two bits, an empty keyframe four', () => {
    const nothing = section((out) => {
      codec.noStructure(out);
      codec.endUpdates(out);
    });
    const keyframe = section((out) => {
      codec.beginStructure(out);
      codec.endStructure(out);
      codec.endUpdates(out);
    });
    expect([nothing, keyframe]).toEqual(['00', '01']);
    for (const hex of [nothing, keyframe]) expect(read(hex, tableOf(walker), 101)).toEqual({ result: 'ok', heard: [] });
  });

  it('is read past by who does not know the entities it speaks of, and ends at the same bit', () => {
    const hex = section((out) => {
      codec.beginStructure(out);
      codec.writeLeave(out, 2, 3);
      codec.writeEnter(out, cell, 9, sitter, 100);
      codec.endStructure(out);
      codec.writeUpdate(out, 1, -1, true, 0b111);
      codec.writeMove(out, cell, walker, 101, 65_070, -3_300, 70, -300);
      for (const [i, raw] of [1, 'x', 7].entries()) codec.components[i]?.write(out, raw);
      codec.endUpdates(out);
      out.align();
      out.bits(0xa5, 8);
    });
    const from = new BitReader(Buffer.from(hex, 'hex'));
    const result = codec.read(from, cell, 101, new SlotTable(), listenerTo([]));
    from.align();
    expect([result, from.bits(8), from.failed]).toEqual(['disagrees', 0xa5, false]);
  });
});

describe('[SY8] leave', () => {
  it('frees the slot and says where to', () => {
    const hex = section((out) => {
      codec.beginStructure(out);
      codec.writeLeave(out, 9, 3);
      codec.endStructure(out);
      codec.endUpdates(out);
    });
    expect(hex).toBe('cd1800');
    const table = new SlotTable();
    table.set(9, clone(walker));
    expect(read(hex, table, 101)).toEqual({ result: 'ok', heard: ['left 9 300 to 3'] });
    expect(table.slots).toEqual([]);
    expect(read(hex, table, 102).result).toBe('disagrees');
  });

  it('numbers the eight neighbours from south-west to north-east', () => {
    const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy })));
    const numbers = around.map(({ dx, dy }) => destinationOf(cell, cellKey(2 + dx, -1 + dy)));
    expect(numbers.filter((_, i) => i !== 4)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const [i, offset] of around.entries())
      if (i !== 4) expect(neighbourOffset(numbers[i] as number)).toEqual(offset);
    expect([destinationOf(cell, cellKey(4, -1)), destinationOf(cell, cellKey(2, 1))]).toEqual([9, 9]);
    expect(destination).toEqual({ gone: 0, far: 9 });
  });

  it('to a place that there is not is no section', () => {
    const hex = section((out) => {
      codec.beginStructure(out);
      codec.writeLeave(out, 0, 10);
      codec.endStructure(out);
      codec.endUpdates(out);
    });
    expect(read(hex, tableOf(walker), 101).result).toBe('malformed');
  });
});

describe('[SY9] enter', () => {
  const hex = section((out) => {
    codec.beginStructure(out);
    codec.writeEnter(out, cell, 0, walker, 102);
    codec.writeEnter(out, cell, 1, sitter, 102);
    codec.endStructure(out);
    codec.endUpdates(out);
  });

  it('has these bytes: who, where, how fast, and the components that are not initial', () => {
    expect(hex).toBe('035601412f04d7aaef5b280a049a10f22b4839f5602a4d2e000000000000');
    const table = new SlotTable();
    expect(read(hex, table, 102)).toEqual({ result: 'ok', heard: ['entered 0 300', 'entered 1 5'] });
    expect(table.slots).toEqual([
      { ...walker, tick: 102, x: 65_140, y: -3_600 },
      { ...sitter, tick: 102 },
    ]);
  });

  it('into a slot that is taken puts the other out, and does not follow', () => {
    const table = tableOf({ ...sitter, id: 77 });
    expect(read(hex, table, 102)).toEqual({
      result: 'disagrees',
      heard: ['left 0 77 to 0', 'entered 0 300', 'entered 1 5'],
    });
    expect(table.get(0)?.id).toBe(300);
  });

  it('into a slot beyond the last is no section', () => {
    const beyond = section((out) => {
      codec.beginStructure(out);
      codec.writeEnter(out, cell, limits.slotsPerCell, walker, 102);
      codec.endStructure(out);
      codec.endUpdates(out);
    });
    const table = new SlotTable();
    expect(read(beyond, table, 102).result).toBe('malformed');
    expect(table.slots).toEqual([]);
  });
});

describe('[SY10] updates', () => {
  const update = (write: (out: BitWriter) => void): string =>
    section((out) => {
      codec.noStructure(out);
      write(out);
      codec.endUpdates(out);
    });

  it('of the next slot cost one bit for it, of any other its number', () => {
    const hex = update((out) => {
      codec.writeUpdate(out, 0, -1, false, 0b001);
      codec.components[0]?.write(out, 1);
      codec.writeUpdate(out, 1, 0, false, 0b001);
      codec.components[0]?.write(out, 0);
      codec.writeUpdate(out, 12, 1, false, 0b001);
      codec.components[0]?.write(out, 2);
    });
    expect(hex).toBe('264d888308');
    const table = tableOf(walker, sitter);
    table.set(12, clone(walker));
    expect(read(hex, table, 101)).toEqual({ result: 'ok', heard: [] });
    expect([0, 1, 12].map((slot) => table.get(slot)?.components[0])).toEqual([1, 0, 2]);
    expect(table.get(0)?.tick).toBe(100);
  });

  it('say what changed: the place, components, or both', () => {
    const hex = update((out) => {
      codec.writeUpdate(out, 0, -1, true, 0);
      codec.writeMove(out, cell, walker, 103, 65_000, -3_000, 0, 0);
      codec.writeUpdate(out, 1, 0, true, 0b110);
      codec.writeMove(out, cell, sitter, 103, 65_001, -3_000, 1, 0);
      codec.components[1]?.write(out, 'Dame');
      codec.components[2]?.write(out, 2 ** 40);
    });
    expect(hex).toBe('0ea49cd084905fd783d0894014d656060000000010');
    const table = tableOf(walker, sitter);
    expect(read(hex, table, 103)).toEqual({
      result: 'ok',
      heard: ['moving 300 103: 65000,-3000 0,0', 'moving 5 103: 65001,-3000 1,0'],
    });
    expect(table.slots).toEqual([
      { ...walker, tick: 103, x: 65_000, y: -3_000, vx: 0, vy: 0 },
      { ...sitter, tick: 103, x: 65_001, y: -3_000, vx: 1, vy: 0, components: [2, 'Dame', 2 ** 40] },
    ]);
  });

  it('of somebody unknown do not follow, and change nobody else', () => {
    const hex = update((out) => {
      codec.writeUpdate(out, 3, -1, true, 0);
      codec.writeMove(out, cell, walker, 103, 65_000, -3_000, 0, 0);
    });
    const table = tableOf(walker);
    expect(read(hex, table, 103)).toEqual({ result: 'disagrees', heard: [] });
    expect(table.slots).toEqual([walker]);
  });
});

describe('[SY11] a move', () => {
  const moved = (x: number, y: number, vx: number, vy: number, tick = 104): string =>
    section((out) => {
      codec.noStructure(out);
      codec.writeUpdate(out, 0, -1, true, 0);
      codec.writeMove(out, cell, walker, tick, x, y, vx, vy);
      codec.endUpdates(out);
    });

  it('is its new velocity alone where that leads from the place a tick ago to the new one', () => {
    // At 103 the receiver has it at 65,210 and -3,900.
    const exact = moved(65_210 - 400, -3_900 + 400, -400, 400);
    const other = moved(65_210 - 399, -3_900 + 400, -400, 400);
    expect([exact, other]).toEqual(['1e640000', '0e64005683a85b01']);
    const table = tableOf(walker);
    expect(read(exact, table, 104).heard).toEqual(['moving 300 104: 64810,-3500 -400,400']);
    expect(read(other, tableOf(walker), 104).heard).toEqual(['moving 300 104: 64811,-3500 -400,400']);
  });

  it('is exact in the tick after the last word, too', () => {
    expect(read(moved(65_010, -3_000, 10, 0, 101), tableOf(walker), 101).heard).toEqual([
      'moving 300 101: 65010,-3000 10,0',
    ]);
  });
});

describe('[SY12] places and velocities', () => {
  it('travel wherever an entity of the cell can be, and at any speed below the limit', () => {
    const [left, bottom] = [64_000, -32_000];
    const place = fc.integer({ min: -16_000, max: 47_999 });
    const speed = fc.integer({ min: -400, max: 400 });
    fc.assert(
      fc.property(place, place, speed, speed, (dx, dy, vx, vy) => {
        const shadow: Shadow = { ...walker, x: left + dx, y: bottom + dy, vx, vy };
        const hex = section((out) => {
          codec.beginStructure(out);
          codec.writeEnter(out, cell, 0, shadow, shadow.tick);
          codec.endStructure(out);
          codec.endUpdates(out);
        });
        const table = new SlotTable();
        expect(read(hex, table, shadow.tick).result).toBe('ok');
        expect(table.slots).toEqual([shadow]);
      }),
    );
  });

  it('have room for everyone that hysteresis and tolerance let out of the cell, whatever its size', () => {
    for (let cellSizeM = 4; cellSizeM <= 256; cellSizeM++) {
      const beyond = 1_000 + 1_000;
      expect(beyond).toBeLessThanOrEqual((cellSizeM * 1_000) / 2);
    }
  });

  it('a velocity beyond the limit is no section', () => {
    const slow = new SectionCodec({ ...testLayout, position: { toleranceMm: 50, maxSpeedMmPerTick: 300 } });
    const out = new BitWriter();
    slow.noStructure(out);
    slow.writeUpdate(out, 0, -1, true, 0);
    out.bit(true);
    out.wide(601 * 601, 19);
    slow.endUpdates(out);
    expect(slow.read(new BitReader(out.bytes()), cell, 101, tableOf(walker), listenerTo([]))).toBe('malformed');
  });
});

describe('[SY6] a checksum in a section', () => {
  it('is of the table before the section, in the tick before', () => {
    const table = tableOf(walker, sitter);
    const sum = table.checksum(149);
    const hex = (checksum: number): string =>
      section((out) => {
        codec.beginStructure(out);
        codec.writeChecksum(out, checksum);
        codec.writeLeave(out, 0, 0);
        codec.endStructure(out);
        codec.endUpdates(out);
      });
    expect(read(hex(sum), table, 150).result).toBe('ok');
    expect(read(hex(sum ^ 1), tableOf(walker, sitter), 150).result).toBe('disagrees');
  });
});

describe('[SY27] whatever the bits', () => {
  it('reading them is ok, disagrees or malformed, and what is in the table fits', () => {
    const random = new Random(fc.readConfigureGlobal().seed ?? 0);
    const seen = new Set<string>();
    for (let i = 0; i < 30_000; i++) {
      const bytes = Uint8Array.from({ length: random.below(60) }, () =>
        random.chance(0.2) ? 0xff : random.below(256),
      );
      const table = tableOf(walker, sitter);
      seen.add(codec.read(new BitReader(bytes), cell, 101, table, listenerTo([])));
      for (const shadow of table.slots) {
        if (shadow === null) continue;
        expect(Math.max(Math.abs(shadow.vx), Math.abs(shadow.vy))).toBeLessThanOrEqual(400);
        for (const [c, raw] of shadow.components.entries()) {
          const field = codec.components[c];
          expect(field?.toRaw(field.fromRaw(raw))).toBe(raw);
        }
      }
      expect(table.slots.length).toBeLessThanOrEqual(limits.slotsPerCell);
    }
    expect([...seen].sort()).toEqual(['disagrees', 'malformed', 'ok']);
  });
});
