import { machineNowMs } from '../machine-clock.ts';
import { peerNamed } from '../peers/registry.ts';
import { Fleet } from './fleet.ts';
import type { FromConsumers, ToConsumers } from './message.ts';

const PROGRESS_EVERY = 250;

let fleet: Fleet | null = null;

function answer(message: FromConsumers): void {
  process.send?.(message);
}

async function join(message: Extract<ToConsumers, { type: 'join' }>): Promise<void> {
  const { settings } = message;
  const protocol = await peerNamed(message.peer)?.protocol();
  if (protocol === undefined) throw new Error(`no peer is named '${message.peer}'`);
  fleet = new Fleet(settings, protocol(settings.scenario, settings.target));
  await fleet.join((players) => {
    if (players % PROGRESS_EVERY === 0) answer({ type: 'progress', players });
  });
  answer({ type: 'joined', failure: null });
}

process.on('message', (message: ToConsumers) => {
  switch (message.type) {
    case 'join':
      join(message).catch((error: unknown) => {
        answer({ type: 'joined', failure: error instanceof Error ? error.message : String(error) });
      });
      break;
    case 'move':
      fleet?.move();
      answer({ type: 'moving' });
      break;
    case 'begin':
      fleet?.measures.begin(machineNowMs());
      answer({ type: 'begun' });
      break;
    case 'end':
      if (fleet !== null) answer({ type: 'window', report: fleet.measures.end(machineNowMs()) });
      break;
    case 'stop':
      fleet?.close();
      process.exit(0);
  }
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the harness decides when to end.
process.on('SIGINT', () => {});
