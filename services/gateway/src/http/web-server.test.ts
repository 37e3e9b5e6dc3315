import { readOptions } from '@lifeverse/node-kit';
import { expect, it, onTestFinished } from 'vitest';
import { gatewayOptions } from '../options.ts';
import { createWebServer, listen } from './web-server.ts';

const host = '127.0.0.1';

async function open(port: number, isShared: boolean) {
  const server = createWebServer(null, readOptions(gatewayOptions, [], {}));
  onTestFinished(() => void server.close());
  return { server, ...(await listen(server, { host, port, isShared })) };
}

it('two that say so share a port, and nobody else has it', async () => {
  const { port, server } = await open(0, true);
  await expect(open(port, false)).rejects.toThrow(`Port ${port} of ${host} is taken by another program`);
  const other = await open(port, true);
  expect(other.port).toBe(port);
  other.server.on('request', (_request, answer) => answer.end('other'));
  await new Promise((resolve) => server.close(resolve));
  expect(await (await fetch(`http://${host}:${port}`)).text()).toBe('other');
});
