import { decodeUplink, type UplinkOp, UplinkWriter } from '@lifeverse/contracts';
import type { NeighbourNote } from '@lifeverse/world/between-zones';
import type { CheckName } from '../checks/violation.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Plant } from './plant.ts';
import { rewriteMessage, rewriteNotes, rewriteTravellers } from './rewrite.ts';

/** What shows when somebody is lost or doubled between zones. */
export const lostOrDoubled: readonly CheckName[] = [
  'one owner for an entity',
  'one entity for a character',
  'no entity lost between zones',
  'who plays is in the world',
  'no input twice, none skipped',
  'a replica agrees with the truth',
  'who comes back stands where they were',
  'what is kept is up to date',
];

/** Every so many go wrong. */
const WRONG_EVERY = 20;

/** A bug in what zones say to each other, at one of the two doors. */
function between(
  bug: Pick<Plant, 'name' | 'sentence' | 'slow'> & { readonly foundBy?: readonly CheckName[] },
  door: 'neighbourSends' | 'neighbourTakes',
  open: (cluster: Cluster) => (bytes: Uint8Array, zone: number) => Uint8Array,
): Plant {
  return {
    foundBy: lostOrDoubled,
    ...bug,
    zones: 4,
    plant(cluster) {
      const change = open(cluster);
      cluster.doors[door] = (_name, bytes, zone) => change(bytes, zone);
      return () => {};
    },
  };
}

export const arrivalDropped = between(
  {
    name: 'arrival-dropped',
    sentence: 'A zone acknowledges whoever comes, and lets one in twenty fall.',
  },
  'neighbourTakes',
  () => {
    let arrivals = 0;
    const dropped = new Set<string>();
    return (bytes) =>
      rewriteNotes(bytes, (note, number, { epoch, toEpoch }) => {
        if (note.note !== 'arrive') return note;
        const name = `${epoch}/${toEpoch}/${number}`;
        if (!dropped.has(name) && ++arrivals % WRONG_EVERY === 0) dropped.add(name);
        return dropped.has(name) ? null : note;
      });
  },
);

export const neighbourEpochUnchecked = between(
  {
    name: 'neighbour-epoch-unchecked',
    slow: true,
    sentence: 'A zone listens to every process that speaks as the owner of another zone.',
  },
  'neighbourTakes',
  (cluster) => (bytes) => rewriteMessage(bytes, ({ zone }) => ({ epoch: cluster.zone(zone).epoch })),
);

export const ownEpochUnchecked = between(
  {
    name: 'own-epoch-unchecked',
    slow: true,
    sentence: 'A zone takes what another said to its former owner, acknowledgements included.',
  },
  'neighbourTakes',
  (cluster) => (bytes, zone) => rewriteMessage(bytes, () => ({ toEpoch: cluster.zone(zone).epoch })),
);

export const acknowledgedEarly = between(
  {
    name: 'acknowledged-early',
    slow: true,
    sentence: 'A zone acknowledges the note behind the last one that it has taken.',
  },
  'neighbourSends',
  () => (bytes) => rewriteMessage(bytes, ({ heard }) => ({ heard: heard + 1 })),
);

export const notesSaidOnce = between(
  {
    name: 'notes-said-once',
    slow: true,
    sentence: 'What a zone says to another is said once, and not again when it is lost.',
  },
  'neighbourSends',
  () => {
    const said = new Map<string, number>();
    return (bytes) =>
      rewriteMessage(bytes, ({ epoch, zone, toEpoch, first, notes }) => {
        const line = `${zone}/${epoch}/${toEpoch}`;
        const last = first + notes.length - 1;
        const fresh = notes.slice(Math.max(0, (said.get(line) ?? 0) - first + 1));
        said.set(line, Math.max(last, said.get(line) ?? 0));
        return { notes: fresh, first: last - fresh.length + 1 };
      });
  },
);

export const noteGapIgnored = between(
  {
    name: 'note-gap-ignored',
    slow: true,
    sentence: 'A zone takes the notes of another as they come, though one before them is missing.',
  },
  'neighbourTakes',
  () => {
    const taken = new Map<string, number>();
    return (bytes, zone) =>
      rewriteMessage(bytes, (message) => {
        const line = `${message.zone}/${message.epoch}/${zone}/${message.toEpoch}`;
        const next = (taken.get(line) ?? 0) + 1;
        const first = Math.min(message.first, next);
        taken.set(line, Math.max(next - 1, first + message.notes.length - 1));
        return { first };
      });
  },
);

/** The operations of an uplink on its way between zones that are handed on. */
function forwarding(note: NeighbourNote, isKept: (op: UplinkOp) => boolean): NeighbourNote {
  const uplink = note.note === 'uplink' ? decodeUplink(note.uplink) : undefined;
  if (uplink === undefined) return note;
  const out = new UplinkWriter(uplink.gateway, uplink.generation);
  for (const op of uplink.ops) if (isKept(op)) out.add(op);
  return { note: 'uplink', uplink: out.take() };
}

export const detachNotForwarded = between(
  {
    name: 'detach-not-forwarded',
    slow: true,
    sentence: 'The end of a session that is told to the former zone is not handed on.',
    foundBy: ['nobody stays behind', 'who is away stands still'],
  },
  'neighbourSends',
  () => (bytes) => rewriteNotes(bytes, (note) => forwarding(note, ({ op }) => op !== 'detach')),
);

export const inputsNotForwarded = between(
  {
    name: 'inputs-not-forwarded',
    slow: true,
    sentence: 'Inputs that reach the former zone are not handed on.',
  },
  'neighbourSends',
  () => (bytes) => rewriteNotes(bytes, (note) => forwarding(note, ({ op }) => op !== 'input')),
);

export const waitingInputsLeft = between(
  {
    name: 'waiting-inputs-left',
    slow: true,
    sentence: 'Inputs that wait for their tick do not travel with the avatar.',
  },
  'neighbourSends',
  () => (bytes) =>
    rewriteTravellers(bytes, (traveller) => ({
      ...traveller,
      avatar: traveller.avatar === null ? null : { ...traveller.avatar, inputs: [] },
    })),
);

export const appliedForgotten = between(
  {
    name: 'applied-forgotten',
    sentence: 'The next zone does not know which inputs have counted already.',
    foundBy: [...lostOrDoubled, 'speech is heard once by those near', 'the own avatar as the server has it'],
  },
  'neighbourTakes',
  () => (bytes) =>
    rewriteTravellers(bytes, (traveller) => ({
      ...traveller,
      avatar:
        traveller.avatar === null ? null : { ...traveller.avatar, applied: Math.max(0, traveller.avatar.applied - 1) },
    })),
);

export const heldLeft = between(
  {
    name: 'held-left',
    sentence: 'Who crosses a border stands still behind it.',
    foundBy: [
      ...lostOrDoubled,
      'who crosses goes on as if there were no border',
      'the own avatar as the server has it',
    ],
  },
  'neighbourTakes',
  () => (bytes) => rewriteTravellers(bytes, (traveller) => ({ ...traveller, held: null })),
);

export const catchUpSkipped = between(
  {
    name: 'catch-up-skipped',
    sentence: 'The ticks that pass while somebody is on the way are not played.',
    foundBy: ['who crosses goes on as if there were no border', 'the own avatar as the server has it'],
  },
  'neighbourTakes',
  (cluster) => (bytes, zone) =>
    rewriteTravellers(bytes, (traveller) => ({
      ...traveller,
      tick: Math.max(traveller.tick, cluster.zone(zone).core.tickNumber),
    })),
);

export const generationNotRaised = between(
  {
    name: 'generation-not-raised',
    sentence: 'Whoever comes from another zone has the generation with which it left the world long ago.',
    foundBy: [...lostOrDoubled, 'who crosses goes on as if there were no border', 'no keyframe for a checksum'],
  },
  'neighbourTakes',
  () => (bytes) => rewriteTravellers(bytes, (traveller) => ({ ...traveller, generation: 1 })),
);

export const handoverUncounted = between(
  {
    name: 'handover-uncounted',
    sentence: 'The number of handovers stays the same when somebody is handed over.',
  },
  'neighbourSends',
  () => (bytes) =>
    rewriteTravellers(bytes, (traveller) => ({
      ...traveller,
      avatar: traveller.avatar === null ? null : { ...traveller.avatar, handovers: traveller.avatar.handovers - 1 },
    })),
);
