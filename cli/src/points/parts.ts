import type { Topology } from './topology.ts';

/** A part of a running world, and what is known of its loss. */
export interface Part {
  readonly name: string;
  /** What its loss does to players. */
  readonly loss: string;
  /** The drill that takes it away, by its name; null: there is none. */
  readonly drill: string | null;
  /** The figure of the drill's result that tells how long players feel it. */
  readonly recovery: { readonly figure: string; readonly unit: 'ms' | 's'; readonly words: string };
  /** Null: from inside the world it is not seen how many there are. */
  readonly here: ((topology: Topology) => Here) | null;
}

export interface Here {
  readonly words: string;
  /** Nobody takes over from it. */
  readonly isSingle: boolean;
}

const counted = (one: string, names: readonly string[]): Here => ({
  words: names.length === 1 ? `1 ${one}` : `${names.length} ${one}s`,
  isSingle: names.length < 2,
});

/** Of everything that runs, from the player inwards. */
export const parts: readonly Part[] = [
  {
    name: 'a gateway',
    loss: 'Its players lose the connection and come back by the other gateways as who they were; their avatars stand meanwhile. With the only gateway, until it is started again.',
    drill: 'gateway-crash',
    recovery: { figure: 'back_ms_p99', unit: 'ms', words: 'back, p99' },
    here: ({ gateways }) => counted('gateway', gateways),
  },
  {
    name: 'a zone server whose zones have a standby',
    loss: 'Everybody in its zones stands still until the standby has taken over, and goes on from there; nobody is disconnected.',
    drill: 'zone-crash',
    recovery: { figure: 'input_gap_ms_p99', unit: 'ms', words: 'longest wait, p99' },
    here: ({ zones }) => {
      const secured = zones.filter(({ hasStandby }) => hasStandby).length;
      return { words: `${secured} of ${zones.length} zones have a standby`, isSingle: secured < zones.length };
    },
  },
  {
    name: 'a zone server and the standby with it',
    loss: 'Everybody in its zones is let in anew where they were up to 5 s before. What was answered to last is there.',
    drill: 'zone-and-standby-crash',
    recovery: { figure: 'playable_ms_p99', unit: 'ms', words: 'playable again, p99' },
    here: null,
  },
  {
    name: 'a region: its gateways and zone servers at once',
    loss: 'Everybody in its zones stands still until their copies in another region go on; who came by its gateways loses the connection and comes back by those of another. Where nobody says in which regions servers stand, copies may go with them.',
    drill: 'region-loss',
    recovery: { figure: 'playable_ms_p99', unit: 'ms', words: 'playable again, p99' },
    here: null,
  },
  {
    name: 'the line to a zone server',
    loss: 'As if that server were gone: another has its zones, and nobody hears it any more. Once it is there again it has none.',
    drill: 'partition',
    recovery: { figure: 'playable_ms_p99', unit: 'ms', words: 'playable again, p99' },
    here: null,
  },
  {
    name: 'a backend',
    loss: 'Play goes on. What was asked for just then waits until one is there again; who trades, drops or picks up from 3 s on is put off with a sentence and a time; nobody logs in. With another backend, for a moment.',
    drill: 'backend-loss',
    recovery: { figure: 'operations_again_ms_max', unit: 'ms', words: 'lasting operations again, of all' },
    here: ({ backends }) => counted('backend', backends),
  },
  {
    name: 'NATS',
    loss: 'Everybody stands still, connected, until it is there again; after more than 10 s they come back on a new connection. Where all roles are one process there is none.',
    drill: 'nats-loss',
    recovery: { figure: 'inputs_resumed_ms_max', unit: 'ms', words: 'walking again, of all' },
    here: null,
  },
  {
    name: 'the database',
    loss: 'Play goes on. Who trades, drops or picks up is put off with a sentence and a time; nobody logs in.',
    drill: 'database-loss',
    recovery: { figure: 'operations_again_ms_max', unit: 'ms', words: 'lasting operations again, of all' },
    here: null,
  },
  {
    name: 'the machine of a world in one process, or its power',
    loss: 'Everybody loses the connection, and comes back where they were up to 5 s before, once it is started again. What was answered to last is there.',
    drill: 'kill-under-trade',
    recovery: { figure: 'all_back_s_max', unit: 's', words: 'all play again' },
    here: null,
  },
];
