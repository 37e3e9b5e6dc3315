import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { machineNowMs } from '../../machine-clock.ts';
import { TICK_MS } from '../../scenario.ts';
import type { ServerSettings } from '../peer.ts';
import { type MeasuredServer, serveHarness } from '../server-side.ts';
import { WindowLog } from '../window-log.ts';
import { Paced } from './paced.ts';
import { prebuiltFrame } from './prebuilt-frame.ts';

const HOST = '127.0.0.1';
const IDLE_MS = 2_000;
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** More CPU than this share of a core, and the cost of a send is no longer the cost of a send. */
const SATURATED_SHARE = 0.9;
/** More than this share of the ticks missed, and it was behind its schedule; less is the noise of a shared machine. */
const SKIPPED_SHARE = 0.1;
/** What a socket may hold back before the kernel counts as not keeping up. */
const BACKLOG_BYTES = 65_536;

/** The least that any server could do: one write of a ready-made frame to each upgraded socket, 20 times a second. */
async function start({ frameBytes }: ServerSettings): Promise<MeasuredServer> {
  const log = new WindowLog();
  const sockets = await listen();
  const frame = prebuiltFrame(frameBytes);
  let idleCpuUsPerS = 0;
  let backlogged = false;
  const paced = new Paced(TICK_MS, () => {
    const startMs = machineNowMs();
    for (const socket of sockets.open) {
      socket.write(frame);
      if (socket.writableLength > BACKLOG_BYTES) backlogged = true;
    }
    log.worked(sockets.open.size, machineNowMs() - startMs);
  });
  return {
    target: { host: HOST, port: sockets.port, details: {} },
    settle: async () => {
      const before = log.snapshot();
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      const after = log.snapshot();
      idleCpuUsPerS = ((after.cpuUs - before.cpuUs) * 1000) / (after.atMs - before.atMs);
      paced.start();
    },
    begin: () => {
      paced.skipped = 0;
      backlogged = false;
      log.begin();
    },
    end: () => {
      const report = log.end({ idleCpuUsPerS, ticksSkipped: paced.skipped });
      const share = (report.end.cpuUs - report.begin.cpuUs) / 1000 / (report.end.atMs - report.begin.atMs);
      const skippedShare = paced.skipped / (paced.skipped + report.end.ticks - report.begin.ticks);
      return { ...report, voidReason: voidReason(share, skippedShare, backlogged) };
    },
  };
}

function voidReason(share: number, skippedShare: number, backlogged: boolean): string | null {
  if (share > SATURATED_SHARE) return `the floor used ${Math.round(share * 100)} % of a core: it was saturated`;
  if (skippedShare > SKIPPED_SHARE) {
    return `the floor missed ${Math.round(skippedShare * 100)} % of its ticks: it was behind its schedule`;
  }
  return backlogged ? 'a socket of the floor held frames back: the consumers did not keep up' : null;
}

async function listen(): Promise<{ readonly port: number; readonly open: ReadonlySet<Socket> }> {
  const open = new Set<Socket>();
  const server = createServer();
  server.on('upgrade', (request, stream) => {
    const socket = stream as Socket;
    const key = `${request.headers['sec-websocket-key']}${ACCEPT_SUFFIX}`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    socket.resume();
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    open.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, 4096, resolve));
  return { port: (server.address() as AddressInfo).port, open };
}

serveHarness(start);
