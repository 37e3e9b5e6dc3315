import { Child } from '../child.ts';
import type { PeerName, PeerProcess, ServerSettings } from './peer.ts';
import type { HarnessMessage, ServerMessage, WindowReport } from './report.ts';

const START_MS = 30_000;
const ANSWER_MS = 30_000;
const STOP_MS = 5_000;

/** Starts a server whose `main.ts` calls `serveHarness`. */
export async function startChild(name: PeerName, main: URL, settings: ServerSettings): Promise<PeerProcess> {
  const child = new Child<HarnessMessage, ServerMessage>(`the server of '${name}'`, main);
  const ready = await child.ask({ type: 'start', settings }, 'ready', START_MS).catch(async (error: unknown) => {
    await child.stop({ type: 'stop' }, STOP_MS);
    throw error;
  });
  return {
    target: { host: ready.host, port: ready.port, details: ready.details },
    emptyRssBytes: ready.rssBytes,
    settle: async (): Promise<void> => {
      await child.ask({ type: 'settle' }, 'settled', ANSWER_MS);
    },
    begin: async (): Promise<void> => {
      await child.ask({ type: 'begin' }, 'begun', ANSWER_MS);
    },
    end: async (): Promise<WindowReport> => (await child.ask({ type: 'end' }, 'window', ANSWER_MS)).report,
    stop: () => child.stop({ type: 'stop' }, STOP_MS),
  };
}
