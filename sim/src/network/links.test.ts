import { Random } from '@lifeverse/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tally } from '../report/tally.ts';
import { Timeline } from '../time/timeline.ts';
import { type BusConditions, BusLink } from './bus-link.ts';
import { StreamLink } from './stream-link.ts';
import { eachMessage } from './web-socket-frames.ts';

const bytes = (value: number, length = 1): Uint8Array => new Uint8Array(length).fill(value);

describe('a line to a player', () => {
  const line = (seed = 1) => {
    const timeline = new Timeline(0);
    const arrived: { readonly value: number; readonly atMs: number }[] = [];
    const conditions = { delayMs: 20, jitterMs: 30, bytesPerMs: 10 };
    const link = new StreamLink({ timeline, random: new Random(seed), conditions }, (sent) => {
      arrived.push({ value: sent[0], atMs: timeline.nowMs() });
    });
    return { timeline, link, arrived };
  };

  it('loses nothing and keeps the order, whatever befalls it, and takes its time', () => {
    const deed = fc.oneof(
      fc.record({ kind: fc.constant('send' as const), ms: fc.nat(40), size: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ kind: fc.constant('stall' as const), ms: fc.nat(40), size: fc.nat(500) }),
      fc.record({ kind: fc.constant('relieve' as const), ms: fc.nat(40), size: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 40 }), fc.nat(), (deeds, seed) => {
        const { timeline, link, arrived } = line(seed);
        const sentMs: number[] = [];
        for (const { kind, ms, size } of deeds) {
          timeline.runUntil(timeline.nowMs() + ms);
          if (kind === 'stall') link.stall(size, 0);
          else if (kind === 'relieve') link.relieve();
          else {
            link.send(bytes(sentMs.length, size), sentMs.length);
            sentMs.push(timeline.nowMs());
          }
        }
        timeline.runUntil(1_000_000);
        expect(arrived.map(({ value }) => value)).toEqual(sentMs.map((_, index) => index));
        for (const { value, atMs } of arrived) expect(atMs - sentMs[value]).toBeGreaterThanOrEqual(20);
        expect(link.bufferedBytes()).toBe(0);
      }),
    );
  });

  it('fills the buffer of the sender while it is stalled', () => {
    const { timeline, link, arrived } = line();
    link.stall(1_000, 50_000);
    link.send(bytes(0, 100), 7);
    timeline.runUntil(999);
    expect([link.bufferedBytes(), arrived.length, link.arrivedBefore(9)]).toEqual([50_100, 0, 7]);
    timeline.runUntil(2_000);
    expect([link.bufferedBytes(), arrived.length, link.arrivedBefore(9)]).toEqual([0, 1, 9]);
  });

  it('delivers nothing any more once it is cut', () => {
    const { timeline, link, arrived } = line();
    link.send(bytes(0), 0);
    link.cut();
    link.send(bytes(1), 0);
    timeline.runUntil(1_000);
    expect(arrived).toEqual([]);
  });
});

describe('the bus', () => {
  const quiet: BusConditions = { cut: false, delayMs: 1, jitterMs: 5, loss: 0, duplicate: 0, reorder: 0 };
  const send = (conditions: Partial<BusConditions>) => {
    const timeline = new Timeline(0);
    const arrived: number[] = [];
    const tally = new Tally();
    const parts = { timeline, random: new Random(3), tally, conditions: { ...quiet, ...conditions } };
    const link = new BusLink(parts, ([value]) => arrived.push(value));
    for (let i = 0; i < 200; i++) {
      link.send(bytes(i));
      timeline.runUntil(timeline.nowMs() + 1);
    }
    timeline.runUntil(10_000);
    return { arrived, tally };
  };
  const all = Array.from({ length: 200 }, (_, i) => i);

  it('keeps the order while nothing is wrong', () => {
    expect(send({}).arrived).toEqual(all);
  });

  it('loses, repeats and reorders as it is told, and counts it', () => {
    const lossy = send({ loss: 0.2 });
    expect(lossy.arrived.length).toBe(200 - lossy.tally.of('bus messages lost'));
    expect(lossy.arrived.length).toBeLessThan(190);
    const doubling = send({ duplicate: 0.2 });
    expect(doubling.arrived.length).toBe(200 + doubling.tally.of('bus messages duplicated'));
    expect(new Set(doubling.arrived).size).toBe(200);
    const { arrived } = send({ reorder: 0.2 });
    expect(arrived).not.toEqual(all);
    expect(arrived.toSorted((a, b) => a - b)).toEqual(all);
    expect(send({ cut: true }).arrived).toEqual([]);
  });
});

describe('what the gateway writes', () => {
  it('is read frame by frame, short, long and very long', () => {
    const lengths = [0, 125, 126, 65_535, 65_536];
    const frames = lengths.flatMap((length) => {
      const header =
        length < 126
          ? [0x82, length]
          : length < 65_536
            ? [0x82, 126, length >> 8, length & 0xff]
            : [0x82, 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff];
      return [...header, ...new Array<number>(length).fill(1)];
    });
    const read: number[] = [];
    eachMessage(new Uint8Array(frames), (message) => read.push(message.length));
    expect(read).toEqual(lengths);
  });

  it('is whole, binary and unmasked, or there is a bug', () => {
    expect(() => eachMessage(new Uint8Array([0x81, 0]), () => {})).toThrow('begins with 129');
    expect(() => eachMessage(new Uint8Array([0x82, 2, 0]), () => {})).toThrow('cut off');
  });
});
