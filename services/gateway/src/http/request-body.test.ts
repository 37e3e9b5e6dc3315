import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { BodiesTooMany, type BodyLimits, BodyReader, BodyTooLarge, BodyTooSlow } from './request-body.ts';

const limits: BodyLimits = { bytesMax: 8, withinMs: 60_000, allBytesMax: 100 };
const readBody = (body: PassThrough, its = limits): Promise<Buffer> => new BodyReader(its).read(body);

describe('a body', () => {
  it('is read to its end, however it comes', async () => {
    const body = new PassThrough();
    const whole = readBody(body);
    for (const piece of ['on', 'ce ', 'all']) body.write(piece);
    body.end();
    expect((await whole).toString()).toBe('once all');
  });

  it('that is larger than may be is not awaited', async () => {
    const body = new PassThrough();
    body.write('a'.repeat(9));
    await expect(readBody(body)).rejects.toThrow(BodyTooLarge);
  });

  it('that takes longer than it may is not awaited, and what still comes is let by', async () => {
    const body = new PassThrough();
    body.write('a');
    await expect(readBody(body, { ...limits, withinMs: 1 })).rejects.toThrow(BodyTooSlow);
    body.end('a'.repeat(1_000_000));
    await once(body, 'end');
  });

  it('finds no room while others fill it, and does once one of those has come or gone', async () => {
    const reader = new BodyReader({ ...limits, allBytesMax: 12 });
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => new PassThrough()) as [
      ...[PassThrough, PassThrough, PassThrough, PassThrough],
    ];
    const whole = reader.read(first);
    const gone = reader.read(second);
    first.write('12345678');
    second.write('1234');
    await expect.poll(() => first.readableLength + second.readableLength).toBe(0);
    const refused = reader.read(third);
    third.write('1');
    await expect(refused).rejects.toThrow(BodiesTooMany);
    first.end();
    expect(await whole).toHaveLength(8);
    second.destroy();
    await expect(gone).rejects.toThrow('has gone');
    const next = reader.read(fourth);
    fourth.end('12345678');
    expect(await next).toHaveLength(8);
  });

  it('whose sender goes is none', async () => {
    const body = new PassThrough();
    body.write('a');
    const whole = readBody(body);
    body.destroy();
    await expect(whole).rejects.toThrow('has gone');
  });
});
