import { frameHeaderBytes, writeFrameHeader } from './ws-frame.ts';

const SLAB_BYTES = 65_536;

/**
 * Memory for frames: cut from large pieces, never written again once handed out, freed by the garbage collector when
 * the last socket has sent it. `allocate` is the platform's (a Buffer on Node, which sockets take without wrapping).
 */
export class Slab {
  readonly #allocate: (bytes: number) => Uint8Array;
  #piece: Uint8Array;
  #at = 0;

  constructor(allocate: (bytes: number) => Uint8Array) {
    this.#allocate = allocate;
    this.#piece = allocate(SLAB_BYTES);
  }

  cut(bytes: number): Uint8Array {
    if (bytes > SLAB_BYTES / 4) return this.#allocate(bytes);
    if (this.#at + bytes > SLAB_BYTES) {
      this.#piece = this.#allocate(SLAB_BYTES);
      this.#at = 0;
    }
    const start = this.#at;
    this.#at = start + bytes;
    return this.#piece.subarray(start, start + bytes);
  }

  /** A message behind its frame header. */
  frame(message: Uint8Array): Uint8Array {
    const header = frameHeaderBytes(message.length);
    const out = this.cut(header + message.length);
    writeFrameHeader(out, 0, message.length);
    out.set(message, header);
    return out;
  }

  join(parts: readonly Uint8Array[]): Uint8Array {
    if (parts.length === 1) return parts[0] as Uint8Array;
    let length = 0;
    for (const part of parts) length += part.length;
    const out = this.cut(length);
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}
