/**
 * What is asked of every stream in every tick, by slot and side by side in memory: the head it should have, and its
 * change in the tick at hand. A tick looks at tens of thousands of these; objects would cost a cache miss each.
 */
export class StreamColumns {
  /** The head that a followed stream should have; -1 for one that is not followed. */
  head = new Int16Array(64).fill(-1);
  /** The tick of the newest change, and where in that tick's bundle it lies. */
  changedTick = new Float64Array(64).fill(-1);
  changeStart = new Int32Array(64);
  changeEnd = new Int32Array(64);

  /** The slot belongs to another stream now, or to none: nothing of it is followed. */
  reset(slot: number): void {
    if (slot >= this.head.length) this.#grow(slot + 1);
    this.head[slot] = -1;
    this.changedTick[slot] = -1;
  }

  /** The stream has taken a keyframe. */
  follow(slot: number, sequence: number): void {
    this.head[slot] = sequence;
  }

  /** The stream has taken the section that lies there in the bundle of that tick. */
  change(slot: number, sequence: number, tick: number, start: number, end: number): void {
    this.head[slot] = sequence;
    this.changedTick[slot] = tick;
    this.changeStart[slot] = start;
    this.changeEnd[slot] = end;
  }

  #grow(slots: number): void {
    const length = Math.max(slots, this.head.length * 2);
    const { head, changedTick, changeStart, changeEnd } = this;
    this.head = new Int16Array(length).fill(-1);
    this.changedTick = new Float64Array(length).fill(-1);
    this.changeStart = new Int32Array(length);
    this.changeEnd = new Int32Array(length);
    this.head.set(head);
    this.changedTick.set(changedTick);
    this.changeStart.set(changeStart);
    this.changeEnd.set(changeEnd);
  }
}
