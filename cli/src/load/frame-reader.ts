/** Opcodes of RFC 6455. */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameEvents {
  /** One whole binary message; valid only during the call. */
  message(payload: Uint8Array): void;
  ping(payload: Uint8Array): void;
  /** The server closes with this number; 1005 when it gave none. */
  closing(code: number): void;
  /** What came is no frame that a server may send; nothing is read any more. */
  unreadable(why: string): void;
}

const LARGEST_BYTES = 16 * 1_048_576;
const LARGEST_CONTROL_BYTES = 125;

/**
 * Reads what a server sends, in whatever pieces it comes. Made for messages that lie whole in a piece: those are handed
 * over where they lie.
 */
export class FrameReader {
  readonly #events: FrameEvents;
  /** What is left of earlier pieces: the beginning of a frame. */
  #kept: Uint8Array | null = null;
  /** Payloads of a message's first fragments. */
  #fragments: Uint8Array[] | null = null;
  #ended = false;

  constructor(events: FrameEvents) {
    this.#events = events;
  }

  feed(piece: Uint8Array): void {
    const bytes = this.#kept === null ? piece : joined([this.#kept, piece]);
    this.#kept = null;
    let at = 0;
    while (!this.#ended && at < bytes.length) {
      const end = this.#frame(bytes, at);
      if (end < 0) {
        this.#kept = bytes.slice(at);
        return;
      }
      at = end;
    }
  }

  /** Reads the frame at `at`; returns where it ends, or -1 when it is not all there yet. */
  #frame(bytes: Uint8Array, at: number): number {
    if (at + 2 > bytes.length) return -1;
    const first = bytes[at] as number;
    const short = bytes[at + 1] as number;
    if ((first & 0x70) !== 0 || (short & 0x80) !== 0) return this.#refuse('a frame with reserved bits or a mask');
    const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
    if (start > bytes.length) return -1;
    const length = short < 126 ? short : lengthAt(bytes, at + 2, start - at - 2);
    if (length > LARGEST_BYTES) return this.#refuse(`a frame of ${length} bytes`);
    const end = start + length;
    if (end > bytes.length) return -1;
    this.#payload(first & 0x0f, (first & 0x80) !== 0, bytes.subarray(start, end));
    return end;
  }

  #refuse(why: string): number {
    this.#ended = true;
    this.#events.unreadable(why);
    return 0;
  }

  #payload(code: number, final: boolean, payload: Uint8Array): void {
    if (code >= opcode.close) this.#control(code, final, payload);
    else if (code === opcode.binary && final && this.#fragments === null) this.#events.message(payload);
    else this.#fragment(code, final, payload);
  }

  #control(code: number, final: boolean, payload: Uint8Array): void {
    if (!final || payload.length > LARGEST_CONTROL_BYTES) this.#refuse('a control frame that is none');
    else if (code === opcode.ping) this.#events.ping(payload);
    else if (code === opcode.close)
      this.#events.closing(payload.length < 2 ? 1005 : (payload[0] as number) * 256 + (payload[1] as number));
  }

  #fragment(code: number, final: boolean, payload: Uint8Array): void {
    const continues = code === opcode.continuation;
    if (continues !== (this.#fragments !== null) || (!continues && code !== opcode.binary)) {
      this.#refuse(code === opcode.text ? 'text' : `a frame of kind ${code} that does not belong there`);
      return;
    }
    const fragments = this.#fragments ?? [];
    fragments.push(payload.slice());
    this.#fragments = final ? null : fragments;
    if (final) this.#events.message(joined(fragments));
  }
}

function lengthAt(bytes: Uint8Array, at: number, count: number): number {
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + i] as number);
  return length;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
