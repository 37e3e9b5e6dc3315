const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;

/**
 * A final frame as a client sends it, up to 65,535 bytes. The mask is fixed: it protects proxies, of which there are
 * none here, but it is not zero, since servers skip the unmasking then.
 */
export function clientFrame(code: number, payload: Uint8Array): Buffer {
  const long = payload.length > 125;
  const header = long ? 4 : 2;
  const out = Buffer.allocUnsafe(header + 4 + payload.length);
  out[0] = 0x80 | code;
  out[1] = 0x80 | (long ? 126 : payload.length);
  if (long) out.writeUInt16BE(payload.length, 2);
  for (let i = 0; i < 4; i++) out[header + i] = MASK[i] as number;
  for (let i = 0; i < payload.length; i++) out[header + 4 + i] = (payload[i] as number) ^ (MASK[i & 3] as number);
  return out;
}
