import { ByteWriter, serverType, writeCellKey, writeKeysHeader } from '@lifeverse/protocol';
import type { Group, GroupIdentity } from './group.ts';
import type { Slab } from './slab.ts';
import type { StreamCache } from './stream-cache.ts';
import type { ZoneLink } from './zone-link.ts';

/** Builds what goes to players, each once: the same bytes for all who receive it. */
export class FrameBuilder {
  readonly #slab: Slab;
  readonly #keys = new ByteWriter(4_096);
  #scratch: Uint8Array = new Uint8Array(16_384);

  constructor(slab: Slab) {
    this.#slab = slab;
  }

  /**
   * The shared frame of a group: type, tick, then each changed stream's number with its newest section, which lies in
   * the bytes of the tick's bundle. Null when none changed.
   */
  frame(group: Group, link: ZoneLink, tick: number, bundle: Uint8Array): Uint8Array | null {
    const reading = group.reading(link);
    if (reading === undefined) return null;
    const { slots, references } = reading;
    const { head, changedTick, changeStart, changeEnd } = link.columns;
    let at = 2;
    let scratch: Uint8Array = this.#scratch;
    for (let use = 0; use < slots.length; use++) {
      const slot = slots[use] as number;
      if (changedTick[slot] !== tick) continue;
      const end = changeEnd[slot] as number;
      const start = changeStart[slot] as number;
      if (at + end - start + 2 > scratch.length) scratch = this.#grow(at + end - start + 2);
      const reference = (references[use] as number) + ((head[slot] as number) & 3);
      if (reference < 0x80) {
        scratch[at++] = reference;
      } else {
        scratch[at++] = (reference & 0x7f) | 0x80;
        scratch[at++] = reference >>> 7;
      }
      for (let i = start; i < end; i++) scratch[at++] = bundle[i] as number;
    }
    if (at === 2) return null;
    scratch[0] = serverType.frame;
    scratch[1] = tick & 0xff;
    return this.#slab.frame(scratch, at);
  }

  #grow(bytes: number): Uint8Array {
    const larger = new Uint8Array(bytes * 2);
    larger.set(this.#scratch);
    this.#scratch = larger;
    return larger;
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
    const message = out.view();
    return this.#slab.frame(message, message.length);
  }

  message(write: (out: ByteWriter) => void): Uint8Array {
    const out = this.#keys;
    out.reset();
    write(out);
    const message = out.view();
    return this.#slab.frame(message, message.length);
  }
}
