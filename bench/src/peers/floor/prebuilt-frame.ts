/** A binary frame as a server sends it, of so many bytes with its header; at least 2. */
export function prebuiltFrame(frameBytes: number): Buffer {
  const header = frameBytes <= 127 ? 2 : frameBytes <= 65_539 ? 4 : 10;
  const payload = Math.max(0, frameBytes - header);
  const frame = Buffer.alloc(header + payload, 0x5a);
  frame[0] = 0x82;
  if (header === 2) frame[1] = payload;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(payload, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(payload), 2);
  }
  return frame;
}
