/**
 * How services reach one another: fire and forget. A message may be lost, never changed; order holds per publisher and
 * subject. Delivery is always asynchronous, and the receiver may keep the bytes: a publisher does not touch them again.
 */
export interface Bus {
  publish(subject: string, bytes: Uint8Array): void;
  /** Returns what ends the subscription. */
  subscribe(subject: string, receive: (bytes: Uint8Array) => void): () => void;
  close(): void;
}

/** In a right, and nowhere else: whichever zone or gateway. */
type Any = '*';

/** Where what is said. Each subject has one kind of speaker, `telemetry` and `cluster` apart. */
export const subjects = {
  /** Gateways to the owner of a zone. */
  uplink: (zone: number | Any): string => `zone.${zone}.uplink`,
  /** A zone to one gateway: one bundle a tick. */
  bundle: (gateway: string): string => `gateway.${gateway}.bundle`,
  /** Owners of zones to the owner of another: whom they hand over, and what is done to those who are there. */
  neighbour: (zone: number | Any): string => `zone.${zone}.neighbour`,
  /** The owner of a zone to its standby: entities as they are. */
  copies: (zone: number | Any): string => `zone.${zone}.copies`,
  /** The standby of a zone to its owner: what it has. */
  copied: (zone: number | Any): string => `zone.${zone}.copied`,
  /** Owners of zones to the backend: what is to be loaded, kept or done for good. */
  desk: 'backend.desk',
  /** The backend to the owner of a zone: its answers. */
  deskAnswer: (zone: number | Any): string => `zone.${zone}.desk`,
  /** Zone servers to one another: what they own, and whether they reach the database. */
  ownership: 'ownership',
  /** From the backends: which zones there are, and who is to own them; on every change and once a second. */
  plan: 'plan',
  /** Gateways to one another: where players find them. */
  gateways: 'gateways',
  /** Gateways, which have no database, to backends: what time it is. */
  timeAsked: 'time.asked',
  /** A backend to the gateway that asked. */
  timeTold: (gateway: string): string => `time.told.${gateway}`,
  /** Every role: its counters and samples, about once a second. */
  telemetry: 'telemetry',
  /** To a zone: record the truth of some entities for a while. */
  truthWanted: (zone: number | Any): string => `zone.${zone}.truth-wanted`,
  /** From a zone: the truth asked for, apart from the stream. */
  truth: (zone: number | Any): string => `zone.${zone}.truth`,
  /** From the backends: who may not go on. */
  expulsion: 'expulsion',
  /** From the backends: who may not speak, and who may again. */
  muting: 'muting',
  /** From the backends: all toggles in force, on every change and once a second. */
  toggles: 'toggles',
  /** From the backends: all documents of the content in force, on every change and every few seconds. */
  content: 'content',
  /** Every process to every other: which cluster it belongs to. */
  cluster: 'cluster',
} as const;

export type BusRole = 'gateway' | 'zone' | 'backend' | 'supervisor';

/** What a role may do on the bus; a subject with `*` stands for those of all zones or gateways. */
export interface BusRights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

interface Spoken {
  readonly subject: string;
  readonly by: readonly BusRole[];
  readonly to: readonly BusRole[];
}

const everybody: readonly BusRole[] = ['gateway', 'zone', 'backend', 'supervisor'];

const spoken: Readonly<Record<keyof typeof subjects, Spoken>> = {
  uplink: { subject: subjects.uplink('*'), by: ['gateway'], to: ['zone'] },
  bundle: { subject: subjects.bundle('*'), by: ['zone'], to: ['gateway'] },
  neighbour: { subject: subjects.neighbour('*'), by: ['zone'], to: ['zone'] },
  copies: { subject: subjects.copies('*'), by: ['zone'], to: ['zone'] },
  copied: { subject: subjects.copied('*'), by: ['zone'], to: ['zone'] },
  desk: { subject: subjects.desk, by: ['zone'], to: ['backend'] },
  deskAnswer: { subject: subjects.deskAnswer('*'), by: ['backend'], to: ['zone'] },
  ownership: { subject: subjects.ownership, by: ['zone'], to: ['zone', 'backend', 'supervisor'] },
  plan: { subject: subjects.plan, by: ['backend'], to: ['gateway', 'zone', 'supervisor'] },
  gateways: { subject: subjects.gateways, by: ['gateway'], to: ['gateway', 'backend'] },
  timeAsked: { subject: subjects.timeAsked, by: ['gateway'], to: ['backend'] },
  timeTold: { subject: subjects.timeTold('*'), by: ['backend'], to: ['gateway'] },
  telemetry: { subject: subjects.telemetry, by: ['gateway', 'zone', 'backend'], to: ['gateway', 'supervisor'] },
  truthWanted: { subject: subjects.truthWanted('*'), by: ['gateway'], to: ['zone'] },
  truth: { subject: subjects.truth('*'), by: ['zone'], to: ['gateway'] },
  expulsion: { subject: subjects.expulsion, by: ['backend'], to: ['gateway'] },
  muting: { subject: subjects.muting, by: ['backend'], to: ['gateway'] },
  toggles: { subject: subjects.toggles, by: ['backend'], to: ['gateway', 'zone'] },
  content: { subject: subjects.content, by: ['backend'], to: ['zone'] },
  cluster: { subject: subjects.cluster, by: everybody, to: everybody },
};

/** What the credentials of a role allow: to say what is its own to say, and to hear what is said to it. */
export function busRights(role: BusRole): BusRights {
  const all = Object.values(spoken);
  return {
    publish: all.filter(({ by }) => by.includes(role)).map(({ subject }) => subject),
    subscribe: all.filter(({ to }) => to.includes(role)).map(({ subject }) => subject),
  };
}
