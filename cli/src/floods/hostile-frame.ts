export const FIN_BINARY = 0x82;
export const BINARY = 0x02;
export const CONTINUATION = 0x00;
const MASKED = 0x80;

/** One WebSocket frame under a mask of zeros, that says of itself what it is told to say. */
export function hostileFrame(firstByte: number, payload: Uint8Array, announced = payload.length): Buffer {
  const head = Buffer.alloc(14);
  head[0] = firstByte;
  let end = 2;
  if (announced < 126) head[1] = MASKED | announced;
  else if (announced < 0x1_0000) {
    head[1] = MASKED | 126;
    end = head.writeUInt16BE(announced, 2);
  } else {
    head[1] = MASKED | 127;
    end = head.writeBigUInt64BE(BigInt(announced), 2);
  }
  return Buffer.concat([head.subarray(0, end + 4), payload]);
}
