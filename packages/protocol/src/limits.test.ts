import { describe, expect, it } from 'vitest';
import { catalogue } from './errors.ts';
import * as limits from './limits.ts';

describe('[PR30] limits', () => {
  it('are whole and above zero', () => {
    for (const limit of Object.values(limits)) expect(Number.isSafeInteger(limit) && limit > 0).toBe(true);
  });

  it('let the longest command, and the longest hello, fit into a message', () => {
    const frame = 1 + 8 + 2 + 2 + 2;
    expect(limits.bodyBytes + frame).toBeLessThanOrEqual(limits.messageBytes);
    expect(1 + 1 + 1 + 1 + 64 + 8 + 2 + limits.ticketChars).toBeLessThanOrEqual(limits.messageBytes);
    expect(limits.textBytes).toBeLessThanOrEqual(limits.bodyBytes);
  });

  it('let a rekey name a whole view in one message', () => {
    const mostOffsets = 64;
    const reach = Math.sqrt(mostOffsets);
    let cells = 0;
    for (let y = -reach; y <= reach; y++)
      for (let x = -reach; x <= reach; x++) if (x * x + y * y <= mostOffsets) cells++;
    expect(cells).toBeLessThanOrEqual(limits.cellsInView);
    expect(1 + 1 + 2 + limits.cellsInView * 2).toBeLessThanOrEqual(limits.messageBytes);
    // A stream's number times four, in two bytes of a varint.
    expect(limits.cellsInView * 8 * 4).toBeLessThanOrEqual(2 ** 14);
  });

  it('keep ticks sent modulo 256 unmistakable', () => {
    expect(limits.ticksBetweenFrames + limits.ticksBehind).toBeLessThan(256);
  });

  it('keep ticks of inputs, sent modulo 65536, unmistakable at 120 Hz', () => {
    expect(((limits.replayMs + limits.futureMs) * 120) / 1_000).toBeLessThan(0x8000);
  });

  it('let every component have a bit of its own in 32', () => {
    expect(limits.components).toBeLessThanOrEqual(32);
  });

  it('let every code travel in seven bits beyond 4000', () => {
    for (const { close } of Object.values(catalogue)) {
      expect(close).toBeGreaterThanOrEqual(4_000);
      expect(close).toBeLessThan(4_000 + 128);
    }
  });

  it("keep a client's own times, sent modulo 65536 ms, unmistakable for as long as it can be silent", () => {
    expect(limits.heartbeatMs * 10).toBeLessThan(0x1_0000);
  });
});
