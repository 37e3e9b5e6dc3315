import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { answerRequests, RequestPort } from './request-port.ts';

let channel = new MessageChannel();
afterEach(() => {
  channel.port1.close();
  channel = new MessageChannel();
});

it('brings each answer to its question', async () => {
  answerRequests(channel.port1, async (method, argument) => `${method} ${String(argument)}`);
  const port = new RequestPort(channel.port2);
  expect(await Promise.all([port.ask('double', 2), port.ask('name'), port.ask('double', 3)])).toEqual([
    'double 2',
    'name undefined',
    'double 3',
  ]);
});

it('says that the other side failed, and does not repeat what it said', async () => {
  answerRequests(channel.port1, async () => {
    throw new Error('secret');
  });
  await expect(new RequestPort(channel.port2).ask('name')).rejects.toThrow(/^name failed$/);
});

it('does not wait for ever', async () => {
  const port = new RequestPort(channel.port2, 1);
  await expect(port.ask('name')).rejects.toThrow('no answer to name within 1 ms');
});
