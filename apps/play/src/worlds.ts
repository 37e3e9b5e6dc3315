import { type Client, connect, type Waiting } from '@lifeverse/client';
import type { EntityId } from '@lifeverse/definition';
import { open } from '@lifeverse/open';
import {
  distanceToStall,
  HAND_REACH_M,
  prices,
  SPEECH_BYTES,
  STALL_REACH_M,
  stallsOf,
  town,
  type Ware,
} from '@lifeverse/town';
import type { WorldDescription } from './api.ts';
import type { Dealing } from './dealing.ts';
import { platformOf } from './device-words.ts';
import type { Subject } from './draw/world-painter.ts';
import type { Link, LinkEvents } from './link.ts';

export interface Joining {
  /** Undefined: the one that the player of the session has. */
  readonly name: string | undefined;
  readonly session: string | undefined;
  /** In the waiting room, from before a reload. */
  readonly place: string | undefined;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  keep(session: string): void;
  /** There is no room yet. */
  waiting(waiting: Waiting): void;
}

/** A world that this page can show. */
export interface PlayableWorld {
  /** Asks one in. */
  readonly invitation: string;
  readonly line: string;
  /** Where the camera looks before one has joined, metres. */
  readonly view: { readonly x: number; readonly y: number };
  readonly subject: Subject;
  /** Resolves when one stands in the world; rejects with a LifeverseError. */
  join(who: Joining, events: LinkEvents): Promise<Link>;
}

const sessionOf = (who: Joining) => ({
  platform: platformOf(navigator.userAgent),
  onSession: (session: string) => who.keep(session),
  onWaiting: (waiting: Waiting) => who.waiting(waiting),
  signal: who.signal,
  ...(who.name === undefined ? {} : { name: who.name }),
  ...(who.session === undefined ? {} : { session: who.session }),
  ...(who.place === undefined ? {} : { place: who.place }),
});

/** Throws when the server runs a world that this page was not built for. */
export function playableWorld(described: WorldDescription): PlayableWorld {
  const server = new URL('.', document.baseURI);
  if (described.name === 'town') return playableTown(described.options, server);
  if (described.name === 'open' && described.options.areaM2 !== undefined) {
    return playableOpen({ areaM2: described.options.areaM2 }, server);
  }
  throw new Error(`This page does not know the world “${described.name}”. Reload to update.`);
}

type Own = Pick<Link, 'map' | 'speechBytes' | 'walk' | 'wave' | 'say' | 'dealing'>;

/** What is the same in every world, and `own`: what one can do in this one. */
function linkTo(client: Link['client'], events: LinkEvents, own: Own): Link {
  client.on('state', (state) => events.state(state));
  client.on('refused', ({ code }) => events.refused(code));
  client.on('trouble', (error) => events.trouble(error.code, error.message));
  client.on('closed', (error) => events.closed(error.code, error.message));
  return {
    ...own,
    client,
    get state() {
      return client.state;
    },
    get stats() {
      return client.stats;
    },
    get me() {
      return client.me;
    },
    get others() {
      return client.others;
    },
    update: () => client.update(),
    close: () => client.close(),
  };
}

function playableTown(options: { readonly areaM2?: number }, server: URL): PlayableWorld {
  const world = town(options);
  const spawn = world.map.spawns[world.map.spawns.length >> 1] ?? { x: 0, y: 0 };
  return {
    invitation: 'Step into town',
    line: 'A small town that is always awake.',
    view: { x: spawn.x / 1_000, y: spawn.y / 1_000 },
    subject: { kind: 'town', options },
    join: async (who, events) => {
      const client = await connect(world, server, sessionOf(who));
      client.on('speech', ({ from, text }) => events.speech(from, text));
      client.on('gesture', ({ from, at }) => events.gesture(from, at));
      return linkTo(client, events, {
        map: world.map,
        speechBytes: SPEECH_BYTES,
        walk: (towards, pace) => client.send.walk({ towards, pace }),
        wave: (at) => client.send.wave({ at: at as EntityId }),
        say: (text) => client.send.say({ text }),
        dealing: townDealing(client, options),
      });
    },
  };
}

/** Nearer than this one is at the market already, metres. */
const AT_MARKET_M = 4;

type Carried = { readonly id: number; readonly kind: Ware };
type TownClient = Client<ReturnType<typeof town>['definition']>;

/** What players of the town do with what they have. */
function townDealing(client: TownClient, options: { readonly areaM2?: number }): Dealing {
  const stalls = stallsOf(options);
  const [spawn] = town(options).map.spawns;
  const square = { x: (spawn?.x ?? 0) / 1_000, y: (spawn?.y ?? 0) / 1_000 };
  const nearest = (at: { x: number; y: number }) => {
    const [first, ...rest] = stalls;
    if (first === undefined) return null;
    return rest.reduce((best, stall) => (distanceToStall(stall, at) < distanceToStall(best, at) ? stall : best), first);
  };
  return {
    reachM: HAND_REACH_M,
    get purse() {
      return client.purse;
    },
    get items() {
      return client.items;
    },
    get table() {
      return client.table;
    },
    stallNear: (at) => {
      const stall = nearest(at);
      if (stall === null || distanceToStall(stall, at) > STALL_REACH_M) return null;
      return { name: stall.name, wares: stall.wares.map((kind) => ({ kind, ...prices[kind] })) };
    },
    // Whoever is far from all of them goes where everyone goes: there one meets.
    wayToMarket: (at) => {
      const here = nearest(at);
      const stall = here === null || distanceToStall(here, at) < AT_MARKET_M ? here : nearest(square);
      return stall === null ? null : { x: stall.at.x + stall.at.w / 2, y: stall.at.y - 0.8 };
    },
    buy: (stall, kind, price) => client.buy({ stall, kind, price }),
    sell: (stall, item, price) => client.sell({ stall, item, price }),
    pickUp: (thing) => client.pickUp({ thing: thing as EntityId }),
    drop: (item) => client.drop({ item }),
    give: (to, money) => client.give({ to: to as EntityId, money, items: [] }),
    trade: (other) => client.trade({ with: other as EntityId }),
    offer: (seen, money, items) => client.ask.offer({ seen, money, items: items as readonly Carried[] }),
    accept: (seen) => client.ask.accept({ seen }),
    cancel: () => client.ask.cancel(),
  };
}

function playableOpen(options: { readonly areaM2: number }, server: URL): PlayableWorld {
  const world = open(options);
  const { widthMm, heightMm } = world.map;
  const size = { w: widthMm / 1_000, h: heightMm / 1_000 };
  return {
    invitation: 'Step onto the plain',
    line: 'A plain with nothing on it but who walks there.',
    view: { x: size.w / 2, y: size.h / 2 },
    subject: { kind: 'plain', ...size, cellM: world.definition.cellSizeM },
    join: async (who, events) => {
      const client = await connect(world, server, sessionOf(who));
      return linkTo(client, events, {
        map: world.map,
        speechBytes: 0,
        walk: (towards, pace) => client.send.walk({ towards, pace }),
      });
    },
  };
}
