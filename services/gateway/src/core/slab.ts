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

  /** The first `length` bytes of a message, copied behind a frame header. */
  frame(message: Uint8Array, length: number): Uint8Array {
    const header = frameHeaderBytes(length);
    const out = this.cut(header + length);
    writeFrameHeader(out, 0, length);
    if (length > 64) out.set(message.subarray(0, length), header);
    else for (let i = 0; i < length; i++) out[header + i] = message[i] as number;
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
