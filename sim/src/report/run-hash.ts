import { createHash } from 'node:crypto';

const ROOM_BYTES = 65_536;

/** SHA-256 over what happened, in the order in which it happened. Small pieces are gathered: hashing each costs more. */
export class RunHash {
  readonly #hash = createHash('sha256');
  readonly #room = new Uint8Array(ROOM_BYTES);
  readonly #view = new DataView(this.#room.buffer);
  #used = 0;

  number(value: number): void {
    if (this.#used + 8 > ROOM_BYTES) this.#flush();
    this.#view.setFloat64(this.#used, value);
    this.#used += 8;
  }

  /** Bytes with their length before them, so that no two different sequences of pieces are the same bytes. */
  bytes(bytes: Uint8Array): void {
    this.number(bytes.length);
    if (this.#used + bytes.length > ROOM_BYTES) this.#flush();
    if (bytes.length > ROOM_BYTES) {
      this.#hash.update(bytes);
      return;
    }
    this.#room.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Hexadecimal; to be called once, at the end. */
  end(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#room.subarray(0, this.#used));
    this.#used = 0;
  }
}
