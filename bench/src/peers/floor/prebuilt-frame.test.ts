import { expect, it } from 'vitest';
import { FrameReader } from '../../consumers/frame-reader.ts';
import { prebuiltFrame } from './prebuilt-frame.ts';

it('is one whole frame of the size asked for', () => {
  for (const bytes of [2, 3, 64, 127, 130, 1000, 65_539, 70_000]) {
    const sizes: number[] = [];
    const payloads: number[] = [];
    const reader = new FrameReader({
      message: (payload) => payloads.push(payload.length),
      control: () => {},
      frame: (size) => sizes.push(size),
    });
    const frame = prebuiltFrame(bytes);
    reader.feed(frame);
    expect(frame.length).toBe(bytes);
    expect(sizes).toEqual([bytes]);
    expect(payloads).toHaveLength(1);
  }
});
