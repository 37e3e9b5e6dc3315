import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Another machine, as far as a server's limits go: they exempt 127.0.0.1 only. */
const ELSEWHERE = '127.0.0.2';

/** A TCP connection that does as it is told. Resolves once it is open; what becomes of it then is nobody's error. */
export async function hostileSocket(server: string): Promise<Socket> {
  const { hostname, port } = new URL(server);
  const socket = connect({ host: hostname, port: Number(port), localAddress: ELSEWHERE, noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
}

/** The same behind a WebSocket handshake: what is written now are frames. Null when the server does not want another. */
export async function hostileWebSocket(server: string): Promise<Socket | null> {
  const socket = await hostileSocket(server);
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: ${new URL(server).host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  const answer = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => null)]);
  socket.resume();
  return answer === null ? null : socket;
}

/** Lets what was written go out, waits for the server's answer to it, and lets go. */
export async function writeAndLeave(socket: Socket, bytes: Uint8Array): Promise<void> {
  const closed = once(socket, 'close');
  socket.setTimeout(LEAVE_MS, () => socket.destroy());
  socket.on('data', () => socket.destroySoon());
  socket.write(bytes);
  await closed;
}

const LEAVE_MS = 2_000;
