import type { Clock } from '@lifeverse/base';
import { type Bus, decodeGatewayNotice, encodeGatewayNotice, isGatewayAddress, subjects } from '@lifeverse/contracts';
import { ConfigurationError } from '@lifeverse/node-kit';
import type { KnownGateways } from './known-gateways.ts';

export interface NoticesOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly known: KnownGateways;
  /** Of this gateway. */
  readonly name: string;
  /** Where players find it; null: nobody is told. */
  readonly address: string | null;
  /** Where it stands; empty: nobody has said. */
  readonly region: string;
  /** In the world by it. */
  players(): number;
}

export interface Notices {
  /** Says it now: something has changed. */
  say(): void;
  end(): void;
}

const EVERY_MS = 1_000;
/** As an operator says that players are to be sent to where it listens. */
const LISTENING = 'listening';

/** Says where players find this gateway, or that it leaves, and hears it of the others; who is new is told at once. */
export function exchangeNotices(options: NoticesOptions): Notices {
  const { bus, clock, known, name, address, region, players } = options;
  const say = (): void => {
    if (address === null) return;
    const notice = { address, name, leaves: known.leaves, region, players: players() };
    bus.publish(subjects.gateways, encodeGatewayNotice(notice));
  };
  if (address !== null) known.isAt(address);
  const end = bus.subscribe(subjects.gateways, (bytes) => {
    const heard = decodeGatewayNotice(bytes);
    if (heard !== undefined && known.heard(heard, clock.nowMs()) && heard.name !== name) say();
  });
  say();
  const timer = setInterval(say, EVERY_MS);
  return {
    say,
    end: () => {
      clearInterval(timer);
      end();
    },
  };
}

/** `publicUrl`: as an operator gives it. Throws a ConfigurationError when players cannot be told where it listens. */
export function addressOf(publicUrl: string | null, listening: string): string | null {
  if (publicUrl !== LISTENING) return publicUrl;
  if (!isGatewayAddress(listening))
    throw new ConfigurationError(`--public-url ${LISTENING}: ${listening} is no address to send players to.`);
  return listening;
}
