/**
 * One final frame as a client sends it, up to 65,535 bytes of payload. The mask need not be secret here: it protects
 * proxies from pages whose script chooses the bytes, and nobody chooses these.
 */
export function clientFrame(code: number, payload: Uint8Array): Buffer {
  const header = payload.length < 126 ? 2 : 4;
  const out = Buffer.allocUnsafe(header + 4 + payload.length);
  out[0] = 0x80 | code;
  out[1] = 0x80 | (header === 2 ? payload.length : 126);
  if (header === 4) out.writeUInt16BE(payload.length, 2);
  const mask = Math.floor(Math.random() * 0x1_0000_0000);
  out.writeUInt32BE(mask, header);
  for (let i = 0; i < payload.length; i++) {
    out[header + 4 + i] = (payload[i] as number) ^ (out[header + (i & 3)] as number);
  }
  return out;
}
