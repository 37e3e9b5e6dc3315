import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { matchMaker, Server } from '@colyseus/core';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { machineNowMs } from '../../machine-clock.ts';
import type { ServerSettings } from '../peer.ts';
import { type MeasuredServer, serveHarness } from '../server-side.ts';
import { truthSubjects, WindowLog } from '../window-log.ts';
import { PlainRoom } from './room.ts';

const ROOM = 'plain';
const HOST = '127.0.0.1';

async function start({ scenario }: ServerSettings): Promise<MeasuredServer> {
  const log = new WindowLog(truthSubjects(scenario));
  const originMs = machineNowMs();
  const http = createServer();
  const transport = new WebSocketTransport({ server: http });
  const server = new Server({ transport, greet: false, gracefullyShutdown: false });
  server.define(ROOM, PlainRoom, { scenario, log, originMs });
  await server.listen(0, HOST);
  const room = await matchMaker.createRoom(ROOM, {});
  const { port } = http.address() as AddressInfo;
  return {
    target: { host: HOST, port, details: { roomId: room.roomId, originMs } },
    settle: () => Promise.resolve(),
    begin: () => log.begin(),
    end: () => log.end(),
  };
}

serveHarness(start);
