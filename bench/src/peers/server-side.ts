import type { ServerSettings, Target } from './peer.ts';
import type { HarnessMessage, ServerMessage, WindowReport } from './report.ts';

/** A started server, as its own process sees it. */
export interface MeasuredServer {
  readonly target: Target;
  settle(): Promise<void>;
  begin(): void;
  end(): WindowReport;
}

/**
 * The main loop of a server process under the harness: starts the server with the settings received, says where it
 * listens, answers, and ends with the harness, however that ends.
 */
export function serveHarness(start: (settings: ServerSettings) => Promise<MeasuredServer>): void {
  let server: MeasuredServer | null = null;
  const answer = (message: ServerMessage) => process.send?.(message);
  const handle = async (message: HarnessMessage): Promise<void> => {
    if (message.type === 'start') {
      server = await start(message.settings as ServerSettings);
      answer({ type: 'ready', rssBytes: process.memoryUsage.rss(), ...server.target });
      return;
    }
    if (message.type === 'stop' || server === null) process.exit(0);
    if (message.type === 'settle') {
      await server.settle();
      answer({ type: 'settled' });
    } else if (message.type === 'begin') {
      server.begin();
      answer({ type: 'begun' });
    } else {
      answer({ type: 'window', report: server.end() });
    }
  };
  process.on('message', (message: HarnessMessage) => {
    handle(message).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole process group; the harness decides when to end.
  process.on('SIGINT', () => {});
}
