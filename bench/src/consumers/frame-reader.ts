/** Opcodes of RFC 6455 that occur here. */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameSink {
  /** One whole message; the bytes are only valid during the call. */
  message(payload: Uint8Array): void;
  /** A ping, pong or close with its payload. */
  control(code: number, payload: Uint8Array): void;
  /** Size of every data frame, header included. */
  frame(bytes: number): void;
}

const HEADER_BYTES_MAX = 10;
const CONTROL_BYTES_MAX = 125;

/**
 * Reads the frames that a server sends, fed in any pieces. While `reads` is false the payloads of data frames are
 * skipped, not collected: most consumers only count. Throws on what a server may not send.
 */
export class FrameReader {
  reads = true;
  readonly #sink: FrameSink;
  readonly #header = new Uint8Array(HEADER_BYTES_MAX);
  #headerBytes = 0;
  /** -1: reading a header. */
  #payloadBytes = -1;
  #left = 0;
  #code = 0;
  #final = true;
  #pieces: Uint8Array[] = [];
  /** Payloads of the earlier fragments of a message. */
  #fragments: Uint8Array[] | null = null;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  feed(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length || this.#left === 0) {
      if (this.#payloadBytes < 0) {
        at = this.#readHeader(chunk, at);
        if (this.#payloadBytes < 0) return;
      }
      const taken = Math.min(this.#left, chunk.length - at);
      this.#left -= taken;
      if (this.#left > 0) {
        if (taken > 0 && this.#wanted()) this.#pieces.push(copied(chunk.subarray(at, at + taken)));
        return;
      }
      const wanted = this.#wanted();
      const tail = wanted ? chunk.subarray(at, at + taken) : null;
      at += taken;
      this.#frameEnds(tail);
      if (at >= chunk.length) return;
    }
  }

  #wanted(): boolean {
    return this.reads || this.#code >= opcode.close;
  }

  #readHeader(chunk: Uint8Array, from: number): number {
    let at = from;
    const header = this.#header;
    while (at < chunk.length) {
      header[this.#headerBytes++] = chunk[at++] as number;
      if (this.#headerBytes < 2) continue;
      const length = (header[1] as number) & 0x7f;
      const wants = length === 127 ? 10 : length === 126 ? 4 : 2;
      if (this.#headerBytes < wants) continue;
      this.#headerEnds(length);
      return at;
    }
    return at;
  }

  #headerEnds(length: number): void {
    const header = this.#header;
    const first = header[0] as number;
    if ((first & 0x70) !== 0 || ((header[1] as number) & 0x80) !== 0)
      throw new Error('frame with reserved bits or a mask');
    this.#final = (first & 0x80) !== 0;
    this.#code = first & 0x0f;
    const view = new DataView(header.buffer);
    this.#payloadBytes = length === 127 ? Number(view.getBigUint64(2)) : length === 126 ? view.getUint16(2) : length;
    if (this.#code >= opcode.close && this.#payloadBytes > CONTROL_BYTES_MAX)
      throw new Error('control frame too large');
    this.#left = this.#payloadBytes;
  }

  /** `tail`: the last piece of the payload, null when the payload was skipped. */
  #frameEnds(tail: Uint8Array | null): void {
    const [code, size] = [this.#code, this.#headerBytes + this.#payloadBytes];
    const payload = tail === null ? null : this.#joined(this.#pieces, tail);
    this.#pieces.length = 0;
    this.#headerBytes = 0;
    this.#payloadBytes = -1;
    if (code >= opcode.close) {
      if (payload !== null) this.#sink.control(code, payload);
      return;
    }
    this.#sink.frame(size);
    if (payload === null) {
      this.#fragments = null;
      return;
    }
    if (!this.#final) {
      this.#fragments ??= [];
      this.#fragments.push(copied(payload));
      return;
    }
    const whole = this.#fragments === null ? payload : this.#joined(this.#fragments, payload);
    this.#fragments = null;
    this.#sink.message(whole);
  }

  #joined(pieces: readonly Uint8Array[], tail: Uint8Array): Uint8Array {
    if (pieces.length === 0) return tail;
    return Buffer.concat([...pieces, tail]);
  }
}

/** A copy even of a Buffer, whose `slice` is a view. */
function copied(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}
