import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { BodyTooLarge, BodyTooSlow, readBody } from './request-body.ts';

const limits = { bytesMax: 8, withinMs: 60_000 };

describe('a body', () => {
  it('is read to its end, however it comes', async () => {
    const body = new PassThrough();
    const whole = readBody(body, limits);
    for (const piece of ['on', 'ce ', 'all']) body.write(piece);
    body.end();
    expect((await whole).toString()).toBe('once all');
  });

  it('that is larger than may be is not awaited', async () => {
    const body = new PassThrough();
    body.write('a'.repeat(9));
    await expect(readBody(body, limits)).rejects.toThrow(BodyTooLarge);
  });

  it('that takes longer than it may is not awaited, and what still comes is let by', async () => {
    const body = new PassThrough();
    body.write('a');
    await expect(readBody(body, { ...limits, withinMs: 1 })).rejects.toThrow(BodyTooSlow);
    body.end('a'.repeat(1_000_000));
    await once(body, 'end');
  });

  it('whose sender goes is none', async () => {
    const body = new PassThrough();
    body.write('a');
    const whole = readBody(body, limits);
    body.destroy();
    await expect(whole).rejects.toThrow('has gone');
  });
});
