/**
 * Hands on the messages of whole, unmasked, unfragmented binary frames, which is all that the gateway writes; anything
 * else is a bug. The gateway writes whole frames only, so none is cut by the end of the bytes.
 */
export function eachMessage(bytes: Uint8Array, take: (message: Uint8Array) => void): void {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== 0x82) throw new Error(`a frame begins with ${bytes[at]}`);
    let length = bytes[at + 1];
    at += 2;
    if (length === 126) {
      length = bytes[at] * 0x100 + bytes[at + 1];
      at += 2;
    } else if (length === 127) {
      length = bytes[at + 4] * 0x1000000 + bytes[at + 5] * 0x10000 + bytes[at + 6] * 0x100 + bytes[at + 7];
      at += 8;
    }
    if (at + length > bytes.length) throw new Error('a frame is cut off');
    take(bytes.subarray(at, at + length));
    at += length;
  }
}
