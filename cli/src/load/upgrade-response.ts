/** Larger heads are no answer to an upgrade. */
const LARGEST_HEAD_BYTES = 8_192;
const HEAD_END = Buffer.from('\r\n\r\n');

export type UpgradeAnswer =
  /** More is to come. */
  | { readonly kind: 'open' }
  /** The WebSocket is there; `rest` are its first bytes. */
  | { readonly kind: 'upgraded'; readonly rest: Buffer }
  | { readonly kind: 'refused'; readonly why: string };

/** Reads a server's answer to a WebSocket handshake, in whatever pieces it comes. */
export class UpgradeResponse {
  #head = Buffer.alloc(0);

  feed(piece: Buffer): UpgradeAnswer {
    this.#head = Buffer.concat([this.#head, piece]);
    const end = this.#head.indexOf(HEAD_END);
    if (end < 0 && this.#head.length < LARGEST_HEAD_BYTES) return { kind: 'open' };
    const status = /^HTTP\/1\.1 (\d{3})[ \r]/.exec(this.#head.toString('latin1', 0, 16))?.[1];
    if (end < 0 || status === undefined)
      return { kind: 'refused', why: 'the WebSocket was answered with something else' };
    if (status !== '101') return { kind: 'refused', why: `the WebSocket was answered with HTTP ${status}` };
    return { kind: 'upgraded', rest: this.#head.subarray(end + HEAD_END.length) };
  }
}
