import { ByteWriter, serverType, writeCellKey, writeKeysHeader } from '@lifeverse/protocol';
import type { Group, GroupIdentity } from './group.ts';
import type { Slab } from './slab.ts';
import type { StreamCache } from './stream-cache.ts';
import { frameHeaderBytes, writeFrameHeader } from './ws-frame.ts';

/** Builds what goes to players, each once: the same bytes for all who receive it. */
export class FrameBuilder {
  readonly #slab: Slab;
  readonly #keys = new ByteWriter(4_096);

  constructor(slab: Slab) {
    this.#slab = slab;
  }

  /** The shared frame of a group: type, tick, then each changed stream's number with its newest section. */
  frame(group: Group, tick: number): Uint8Array {
    let length = 2;
    for (const index of group.changed) {
      const stream = group.streams[index] as StreamCache;
      length += (index < 32 ? 1 : 2) + stream.newestEnd - stream.newestStart;
    }
    const out = this.#slab.cut(frameHeaderBytes(length) + length);
    let at = writeFrameHeader(out, 0, length);
    out[at++] = serverType.frame;
    out[at++] = tick & 0xff;
    for (const index of group.changed) {
      const stream = group.streams[index] as StreamCache;
      const reference = index * 4 + (stream.sequence & 3);
      if (reference < 0x80) {
        out[at++] = reference;
      } else {
        out[at++] = (reference & 0x7f) | 0x80;
        out[at++] = reference >>> 7;
      }
      const { bytes } = stream;
      const end = stream.newestEnd;
      for (let i = stream.newestStart; i < end; i++) out[at++] = bytes[i] as number;
    }
    return out;
  }

  /** Keyframes of streams for who sees the world from that anchor. */
  keys(
    identity: GroupIdentity,
    tick: number,
    streams: Iterable<readonly [index: number, stream: StreamCache]>,
  ): Uint8Array {
    const out = this.#keys;
    out.reset();
    writeKeysHeader(out, tick, identity.anchorX, identity.anchorY, identity.linkClass, identity.audiences);
    for (const [index, stream] of streams) writeCellKey(out, stream.asKey(index), tick);
    return this.#slab.frame(out.view());
  }

  message(write: (out: ByteWriter) => void): Uint8Array {
    const out = this.#keys;
    out.reset();
    write(out);
    return this.#slab.frame(out.view());
  }
}
