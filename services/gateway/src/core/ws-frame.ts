/**
 * The header of an unmasked, unfragmented binary WebSocket message (RFC 6455, 5.2): what a server puts before its
 * bytes. Written by hand so that one message is framed once for all who receive it.
 */
export function frameHeaderBytes(length: number): number {
  return length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
}

/** Writes the header at `at`; returns where the message begins. */
export function writeFrameHeader(into: Uint8Array, at: number, length: number): number {
  into[at] = 0x82;
  if (length < 126) {
    into[at + 1] = length;
    return at + 2;
  }
  if (length < 0x1_0000) {
    into[at + 1] = 126;
    into[at + 2] = length >>> 8;
    into[at + 3] = length & 0xff;
    return at + 4;
  }
  into[at + 1] = 127;
  into.fill(0, at + 2, at + 6);
  into[at + 6] = length >>> 24;
  into[at + 7] = (length >>> 16) & 0xff;
  into[at + 8] = (length >>> 8) & 0xff;
  into[at + 9] = length & 0xff;
  return at + 10;
}
