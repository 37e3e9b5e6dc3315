import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type Cut, DrilledLine } from './drilled-line.ts';

/** What either end has heard, by what it said. */
async function joined() {
  const heard = { near: '', far: '' };
  const near = new Promise<Socket>((resolve) => {
    const server = createServer((socket) => {
      socket.on('data', (bytes) => {
        heard.near += bytes;
      });
      resolve(socket);
    });
    server.listen({ host: '127.0.0.1', port: 0 }, () => listening(server.address() as AddressInfo));
    onTestFinished(() => void server.close());
  });
  let listening: (address: AddressInfo) => void = () => undefined;
  const { port } = await new Promise<AddressInfo>((resolve) => {
    listening = resolve;
  });
  const line = await DrilledLine.start('127.0.0.1', { host: '127.0.0.1', port });
  const far = connect({ host: '127.0.0.1', port: line.port });
  far.on('data', (bytes) => {
    heard.far += bytes;
  });
  onTestFinished(async () => {
    far.destroy();
    await line.stop();
  });
  return { heard, line, far, near: await near };
}

it.each<[Cut, string, string]>([
  ['whole', '', ''],
  ['unheard', '', 'b'],
  ['deaf', 'a', ''],
])('a line that is cut (%s) lets through what it should, and the rest once it is mended', async (how, near, far) => {
  const both = await joined();
  both.line.cut(how);
  both.far.write('a');
  both.near.write('b');
  await expect.poll(() => both.heard).toEqual({ near, far });
  both.line.cut(null);
  await expect.poll(() => both.heard).toEqual({ near: 'a', far: 'b' });
});
