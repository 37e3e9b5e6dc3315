import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP connection that does as it is told, from an address of one's choice. */
export async function rawConnection(url: string, from = '127.0.0.1'): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

/** The same after a WebSocket handshake at `/ws`: what is written now are frames. */
export async function rawWebSocket(url: string, headers = '', from = '127.0.0.1'): Promise<Socket> {
  const socket = await rawConnection(url, from);
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${headers}\r\n`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  const end = answer.indexOf('\r\n\r\n') + 4;
  if (!answer.toString().startsWith('HTTP/1.1 101')) throw new Error(answer.toString());
  // What came in the same segment is read by whoever listens next.
  socket.pause();
  if (answer.length > end) socket.unshift(answer.subarray(end));
  return socket;
}

/** One frame under a mask of zeros. */
export function rawFrame(firstByte: number, payload: Uint8Array, announced = payload.length): Buffer {
  const head = Buffer.alloc(14);
  head[0] = firstByte;
  let at = 2;
  if (announced < 126) head[1] = 0x80 | announced;
  else if (announced < 0x1_0000) {
    head[1] = 0x80 | 126;
    at = head.writeUInt16BE(announced, 2);
  } else {
    head[1] = 0x80 | 127;
    at = head.writeBigUInt64BE(BigInt(announced), 2);
  }
  return Buffer.concat([head.subarray(0, at + 4), payload]);
}

/** Number and reason of the close frame with which the server ends; what it sent instead when there was none. */
export async function rawClose(socket: Socket): Promise<string> {
  let bytes: Buffer = Buffer.alloc(0);
  let close = '';
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let frame = firstFrame(bytes); frame !== undefined; frame = firstFrame(bytes)) {
      bytes = bytes.subarray(frame.end);
      if (frame.opcode !== 0x8) continue;
      close = `${frame.payload.readUInt16BE(0)} ${frame.payload.subarray(2)}`;
      socket.end();
    }
  });
  socket.resume();
  await once(socket, 'close');
  return close || bytes.toString();
}

function firstFrame(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < 4) return undefined;
  const short = (bytes[1] as number) & 0x7f;
  const start = short === 126 ? 4 : 2;
  const end = start + (short === 126 ? bytes.readUInt16BE(2) : short);
  return end > bytes.length
    ? undefined
    : { opcode: (bytes[0] as number) & 0xf, payload: bytes.subarray(start, end), end };
}
