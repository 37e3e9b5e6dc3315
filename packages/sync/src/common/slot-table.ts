import type { Raw } from '@lifeverse/protocol';

/**
 * What a receiver knows of one entity in one stream: the values last sent and the tick they were true at. The sender
 * keeps exactly the same (SY5), so prediction, tolerance, checksum and keyframe refer to one thing.
 */
export interface Shadow {
  readonly id: number;
  readonly generation: number;
  tick: number;
  /** World millimetres at `tick`, and millimetres per tick. */
  x: number;
  y: number;
  vx: number;
  vy: number;
  /** Public components in the order of the layout. */
  readonly components: Raw[];
}

export function predictedX(shadow: Shadow, tick: number): number {
  return shadow.x + shadow.vx * (tick - shadow.tick);
}

export function predictedY(shadow: Shadow, tick: number): number {
  return shadow.y + shadow.vy * (tick - shadow.tick);
}

/** The slots of one stream: small numbers for 64-bit identities. */
export class SlotTable {
  readonly slots: (Shadow | null)[] = [];

  get(slot: number): Shadow | null {
    return this.slots[slot] ?? null;
  }

  set(slot: number, shadow: Shadow): void {
    while (this.slots.length < slot) this.slots.push(null);
    this.slots[slot] = shadow;
  }

  /** Frees the slot; a table never ends in free slots, so its length is its highest slot in use. */
  free(slot: number): void {
    this.slots[slot] = null;
    while (this.slots.length > 0 && this.slots[this.slots.length - 1] === null) this.slots.pop();
  }

  lowestFree(): number {
    const free = this.slots.indexOf(null);
    return free < 0 ? this.slots.length : free;
  }

  clear(): void {
    this.slots.length = 0;
  }

  /** 16 bits over everything in the table, predicted to `tick`: equal for whoever has followed the stream (SY6). */
  checksum(tick: number): number {
    let h = 0x811c9dc5;
    const mix = (value: number): void => {
      h = Math.imul(h ^ (value | 0), 0x01000193);
      h ^= h >>> 13;
    };
    this.slots.forEach((shadow, slot) => {
      if (shadow === null) return;
      mix(slot);
      mix(shadow.id % 0x1_0000_0000);
      mix(shadow.generation);
      mix(predictedX(shadow, tick));
      mix(predictedY(shadow, tick));
      mix(shadow.vx * 4_096 + shadow.vy);
      for (const raw of shadow.components) mixRaw(raw, mix);
    });
    return (h ^ (h >>> 16)) & 0xffff;
  }
}

function mixRaw(raw: Raw, mix: (value: number) => void): void {
  if (typeof raw === 'number') {
    mix(raw % 0x1_0000_0000);
    return;
  }
  for (let i = 0; i < raw.length; i++) mix(raw.charCodeAt(i));
}
