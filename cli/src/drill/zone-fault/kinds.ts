import { walkMps } from '../walkers/counting-world.ts';

/** One of the drills in which servers of zones fail, and others have to go on with their zones. */
export interface ZoneFaultKind {
  readonly drill: 'zone-crash' | 'zone-and-standby-crash' | 'zone-pause' | 'partition';
  /** What is done, of a sentence. */
  readonly does: string;
  /** In the past, how often before it and to whom behind it. */
  readonly did: string;
  /** How many servers, the ones with the most players first; or with the one that stands by for them. */
  readonly servers: 1 | 2;
  readonly fault: 'killed' | 'paused' | 'parted';
  /** Whether a copy has to go on where the former owner was; else what is kept may. */
  readonly fromCopy: boolean;
  readonly targets: ZoneFaultTargets;
}

export interface ZoneFaultTargets {
  readonly inputGapMsP99?: number;
  readonly playableMsP99?: number;
  readonly positionLostM?: number;
  /** Of inputs; of what is to last none ever. */
  readonly inputsLost?: number;
}

/** What is kept of everybody is at most so old. */
const CHECKPOINT_S = 5;

export const zoneCrash: ZoneFaultKind = {
  drill: 'zone-crash',
  does: 'the zone server with the most players is killed',
  did: 'The zone server with the most players was killed',
  ...{ servers: 1, fault: 'killed', fromCopy: true },
  targets: { inputGapMsP99: 2_500, positionLostM: 1.5, inputsLost: 0 },
};

export const zoneAndStandbyCrash: ZoneFaultKind = {
  drill: 'zone-and-standby-crash',
  does: 'the zone server with the most players and the one that stands by for it are killed at once',
  did: 'The zone server with the most players, and with it the one that stands by for it, were killed',
  ...{ servers: 2, fault: 'killed', fromCopy: false },
  targets: { playableMsP99: 8_000, positionLostM: CHECKPOINT_S * walkMps },
};

export const zonePause: ZoneFaultKind = {
  drill: 'zone-pause',
  does: 'the zone server with the most players is stopped until another has its zones, and goes on then',
  did: 'The zone server with the most players was stopped until others had its zones, and went on then,',
  // What becomes of the players is what zone-crash judges.
  ...{ servers: 1, fault: 'paused', fromCopy: false },
  targets: {},
};

export const partition: ZoneFaultKind = {
  drill: 'partition',
  does: 'a zone server with players is parted from all others until one of them has its zone, and joined again then',
  did: 'A zone server with players was parted from all others until one of them had its zone, and joined again then,',
  ...{ servers: 1, fault: 'parted', fromCopy: false },
  targets: {},
};
