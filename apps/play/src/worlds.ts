import { connect } from '@lifeverse/client';
import type { EntityId } from '@lifeverse/definition';
import { open } from '@lifeverse/open';
import { SPEECH_BYTES, town } from '@lifeverse/town';
import type { WorldDescription } from './api.ts';
import type { Subject } from './draw/world-painter.ts';
import type { Link, LinkEvents } from './link.ts';

export interface Joining {
  readonly name: string;
  readonly session: string | undefined;
  keep(session: string): void;
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
  name: who.name,
  onSession: (session: string) => who.keep(session),
  ...(who.session === undefined ? {} : { session: who.session }),
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
      client.on('state', (state) => events.state(state));
      client.on('refused', ({ code }) => events.refused(code));
      client.on('closed', (error) => events.closed(error.message));
      return {
        client,
        map: world.map,
        speechBytes: SPEECH_BYTES,
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
        walk: (towards, pace) => client.send.walk({ towards, pace }),
        wave: (at) => client.send.wave({ at: at as EntityId }),
        say: (text) => client.send.say({ text }),
        close: () => client.close(),
      };
    },
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
      client.on('state', (state) => events.state(state));
      client.on('refused', ({ code }) => events.refused(code));
      client.on('closed', (error) => events.closed(error.message));
      return {
        client,
        map: world.map,
        speechBytes: 0,
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
        walk: (towards, pace) => client.send.walk({ towards, pace }),
        close: () => client.close(),
      };
    },
  };
}
