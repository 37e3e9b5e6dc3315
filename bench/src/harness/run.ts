import { Child } from '../child.ts';
import type { ConsumerReport } from '../consumers/measures.ts';
import type { FromConsumers, ToConsumers } from '../consumers/message.ts';
import type { Peer, PeerProcess } from '../peers/peer.ts';
import type { WindowReport } from '../peers/report.ts';
import type { Scenario } from '../scenario.ts';

const JOIN_MS = 180_000;
const ANSWER_MS = 30_000;
const STOP_MS = 5_000;

export interface RunSettings {
  readonly scenario: Scenario;
  readonly frameBytes: number;
  readonly decoders: number;
  readonly viewDelaysMs: readonly number[];
  readonly warmupS: number;
  readonly measuredS: number;
}

/** Everything that one run of one peer told. */
export interface RunReport {
  readonly server: WindowReport;
  readonly consumers: ConsumerReport;
  readonly emptyRssBytes: number;
}

/** One peer, one scenario, once: a fresh server process, a fresh consumer process, warm-up, the measured window. */
export async function run(peer: Peer, settings: RunSettings, progress: (what: string) => void): Promise<RunReport> {
  const { scenario, frameBytes } = settings;
  progress('starting');
  const server = await peer.start({ scenario, frameBytes });
  const consumers = new Child<ToConsumers, FromConsumers>(
    'the consumers',
    new URL('../consumers/main.ts', import.meta.url),
    (message) => {
      if (message.type === 'progress') progress(`${message.players} of ${scenario.players} players joined`);
    },
  );
  try {
    return await measure(peer, server, consumers, settings, progress);
  } finally {
    await Promise.all([consumers.stop({ type: 'stop' }, STOP_MS), server.stop()]);
  }
}

async function measure(
  peer: Peer,
  server: PeerProcess,
  consumers: Child<ToConsumers, FromConsumers>,
  settings: RunSettings,
  progress: (what: string) => void,
): Promise<RunReport> {
  const { scenario, decoders, viewDelaysMs } = settings;
  const fleet = { scenario, target: server.target, decoders, viewDelaysMs };
  const { failure } = await consumers.ask({ type: 'join', peer: peer.name, settings: fleet }, 'joined', JOIN_MS);
  if (failure !== null) throw new Error(failure);
  await server.settle();
  await consumers.ask({ type: 'move' }, 'moving', ANSWER_MS);
  progress(`warming up for ${settings.warmupS} s`);
  await seconds(settings.warmupS);
  await Promise.all([server.begin(), consumers.ask({ type: 'begin' }, 'begun', ANSWER_MS)]);
  progress(`measuring for ${settings.measuredS} s`);
  await seconds(settings.measuredS);
  const [report, window] = await Promise.all([server.end(), consumers.ask({ type: 'end' }, 'window', ANSWER_MS)]);
  return { server: report, consumers: window.report, emptyRssBytes: server.emptyRssBytes };
}

function seconds(s: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, s * 1000));
}
