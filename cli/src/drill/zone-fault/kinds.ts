import { walkMps } from '../walkers/counting-world.ts';

/** One of the drills in which servers of zones fail, and others have to go on with their zones. */
export interface ZoneFaultKind {
  readonly drill: 'zone-crash' | 'zone-and-standby-crash' | 'zone-pause' | 'partition' | 'region-loss';
  /** What is done, of a sentence. */
  readonly does: string;
  /** In the past, how often before it and to whom behind it. */
  readonly did: string;
  /** How many servers, the one with the most players first, then the one that stands by for it; or all of a region, with its gateway. */
  readonly servers: 1 | 2 | 'region';
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

/** Players of the region's gateway find it gone, as in gateway-crash; the zones go on from their copies in the other region. */
export const regionLoss: ZoneFaultKind = {
  drill: 'region-loss',
  does: 'the gateway and every zone server of a region are killed at once, of one region after the other',
  did: 'The gateway and every zone server of one of two regions were killed at once',
  // What a gateway has taken, and no zone yet, is gone with both.
  ...{ servers: 'region', fault: 'killed', fromCopy: false },
  targets: { playableMsP99: 10_000, positionLostM: 1.5 },
};

export const partition: ZoneFaultKind = {
  drill: 'partition',
  does: 'a zone server with players is parted from all others until one of them has its zone, and joined again then',
  did: 'A zone server with players was parted from all others until one of them had its zone, and joined again then,',
  ...{ servers: 1, fault: 'parted', fromCopy: false },
  targets: {},
};
