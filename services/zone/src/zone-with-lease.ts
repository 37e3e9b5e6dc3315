import { Lifecycle } from '@lifeverse/node-kit';
import type { Loss } from '@lifeverse/world';
import { LeaseKeeper, type LeaseSetup } from './lease-keeper.ts';
import { sentenceOf } from './loss-sentence.ts';
import { type RunningZone, startZone } from './zone.ts';
import type { ZoneHostOptions } from './zone-host.ts';

export interface LeasedZoneOptions extends Omit<ZoneHostOptions, 'epoch' | 'owner'> {
  readonly lease: LeaseSetup;
  /**
   * The zone is another's, or may be, and has been closed here. The process is to say this sentence and to end with exit
   * code 1: whoever looks after it starts it anew.
   */
  lost(sentence: string): void;
}

/**
 * Takes a zone, as the owner by lease, and starts it; it ticks only as long as it is this server's. Throws a
 * ConfigurationError when a server that is alive has it.
 */
export async function startZoneWithLease(options: LeasedZoneOptions): Promise<Pick<RunningZone, 'stop'>> {
  const { lease, zone, bus, clock, log } = options;
  const life = new Lifecycle();
  const lost = Promise.withResolvers<Loss>();
  try {
    const keeper = await life.start(
      'lease',
      () => LeaseKeeper.start({ ...lease, bus, clock, log }),
      (it) => it.stop(),
    );
    const owner = await keeper.take(zone, lost.resolve);
    const running = await life.start(
      'zone',
      () => startZone({ ...options, epoch: owner.epoch, owner }),
      (it) => it.stop(),
    );
    const close = async (loss: Loss): Promise<void> => {
      await running.stop().catch((error: unknown) => log.error({ err: error }, 'the zone did not close'));
      options.lost(sentenceOf(zone, lease.server, loss));
    };
    void lost.promise.then(close);
  } catch (error) {
    await life.stop();
    throw error;
  }
  return { stop: () => life.stop() };
}
