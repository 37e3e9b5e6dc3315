import {
  decodeCheckpoints,
  decodeDeskRequest,
  decodeLoad,
  decodeStored,
  encodeCheckpoints,
  encodeDeskRequest,
  encodeStored,
  zoneAt,
} from '@lifeverse/contracts';
import { type CellKey, cellX, cellY } from '@lifeverse/sync/common';
import { Departures, EntityStore, Neighbours, RollCall } from '@lifeverse/world/between-zones';
import type { Cluster } from '../cluster/cluster.ts';
import { lostOrDoubled } from './neighbours.ts';
import type { Plant } from './plant.ts';
import { rewriteBundle, rewriteUplink } from './rewrite.ts';

const ZONES = 4;
/** Every so many go wrong. */
const WRONG_EVERY = 20;

export const copyKept: Plant = {
  name: 'copy-kept',
  sentence: 'The former zone keeps a copy of one in twenty who leave it.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant() {
    const { depart } = Departures.prototype;
    const { remove } = EntityStore.prototype;
    let departing = false;
    let departures = 0;
    Departures.prototype.depart = function (...moment) {
      departing = true;
      depart.apply(this, moment);
      departing = false;
    };
    EntityStore.prototype.remove = function (row) {
      if (!departing || ++departures % WRONG_EVERY !== 0) remove.call(this, row);
    };
    return () => {
      Departures.prototype.depart = depart;
      EntityStore.prototype.remove = remove;
    };
  },
};

export const departureForgotten: Plant = {
  name: 'departure-forgotten',
  slow: true,
  sentence: 'The former zone does not remember who went, and where.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant() {
    const { departed } = Departures.prototype;
    Departures.prototype.departed = () => undefined;
    return () => {
      Departures.prototype.departed = departed;
    };
  },
};

export const rollUncalled: Plant = {
  name: 'roll-uncalled',
  slow: true,
  sentence: 'A new owner does not wait for what the other zones have of those whom its zone had.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant() {
    const { isOver } = RollCall.prototype;
    RollCall.prototype.isOver = () => true;
    return () => {
      RollCall.prototype.isOver = isOver;
    };
  },
};

export const sentToSilent: Plant = {
  name: 'sent-to-silent',
  slow: true,
  sentence: 'A zone sends people to another of which it has heard nothing for long.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant() {
    const { hears } = Neighbours.prototype;
    Neighbours.prototype.hears = () => true;
    return () => {
      Neighbours.prototype.hears = hears;
    };
  },
};

export const noteTakenTwice: Plant = {
  name: 'note-taken-twice',
  slow: true,
  sentence: 'A zone takes every note of another twice.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant() {
    const { takeHeard } = Neighbours.prototype;
    Neighbours.prototype.takeHeard = function () {
      return takeHeard.call(this).flatMap((heard) => [heard, heard]);
    };
    return () => {
      Neighbours.prototype.takeHeard = takeHeard;
    };
  },
};

export const movedUnsaid: Plant = {
  name: 'moved-unsaid',
  sentence: 'The former zone does not tell the gateway where the avatar went.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant(cluster) {
    cluster.doors.zoneSends = (_gateway, bytes) =>
      rewriteBundle(bytes, () => ({ session: (record) => ({ ...record, moved: undefined }) }));
    return () => {};
  },
};

export const handoversUncompared: Plant = {
  name: 'handovers-uncompared',
  slow: true,
  sentence: 'A gateway believes whichever zone said last that it has the avatar.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant(cluster) {
    let handovers = 1_000;
    cluster.doors.gatewayTakes = (_gateway, bytes) =>
      rewriteBundle(bytes, () => ({
        session: (record) => ({
          ...record,
          attached: record.attached && { ...record.attached, handovers: ++handovers },
          moved: record.moved && { ...record.moved, handovers: ++handovers },
        }),
      }));
    cluster.doors.gatewaySends = (_gateway, bytes) =>
      rewriteUplink(bytes, (op) => (op.op === 'attach' ? { ...op, handovers: 0 } : op));
    return () => {};
  },
};

function isBesideBorder({ tree }: Cluster, zone: number, cell: CellKey): boolean {
  for (let dx = -1; dx <= 1; dx++)
    for (let dy = -1; dy <= 1; dy++) if (zoneAt(tree, cellX(cell) + dx, cellY(cell) + dy) !== zone) return true;
  return false;
}

export const borderUnheard: Plant = {
  name: 'border-unheard',
  sentence: 'What is said beside a border is not told to gateways.',
  foundBy: ['speech is heard once by those near'],
  zones: ZONES,
  plant(cluster) {
    cluster.doors.gatewayTakes = (_gateway, bytes, zone) =>
      rewriteBundle(bytes, () => ({ isTold: ({ cell }) => !isBesideBorder(cluster, zone, cell) }));
    return () => {};
  },
};

export const borderUnread: Plant = {
  name: 'border-unread',
  sentence: 'A gateway does not read what lies behind a border.',
  foundBy: ['a replica agrees with the truth'],
  zones: ZONES,
  plant(cluster) {
    cluster.doors.gatewaySends = (_gateway, bytes, zone) =>
      rewriteUplink(bytes, (op) => {
        if (op.op !== 'interest') return op;
        return { ...op, add: op.add.filter(({ cell }) => !isBesideBorder(cluster, zone, cell)) };
      });
    return () => {};
  },
};

export const deskByEpoch: Plant = {
  name: 'desk-by-epoch',
  slow: true,
  sentence: 'Of what two zones want kept, the desk keeps what the owner with the higher epoch says.',
  foundBy: ['what is kept is up to date', 'who comes back stands where they were', ...lostOrDoubled],
  zones: ZONES,
  plant(cluster) {
    const { characters } = cluster;
    const honest = characters.answer.bind(characters);
    const handovers = new Map<string, number>();
    characters.answer = (request) => {
      if (request.kind === 'checkpoint') {
        const records = decodeCheckpoints(request.body) ?? [];
        for (const record of records)
          handovers.set(record.character, Math.max(record.handovers, handovers.get(record.character) ?? 0));
        return honest({ ...request, body: encodeCheckpoints(records.map((record) => ({ ...record, handovers: 1 }))) });
      }
      const outcome = honest(request);
      const stored = request.kind === 'load' && outcome.kind === 'done' ? decodeStored(outcome.body) : undefined;
      if (stored === undefined) return outcome;
      const counted = handovers.get(decodeLoad(request.body) ?? '') ?? stored.handovers;
      return { kind: 'done', body: encodeStored({ ...stored, handovers: counted }) };
    };
    return () => {
      characters.answer = honest;
    };
  },
};

export const deskZoneUnsaid: Plant = {
  name: 'desk-zone-unsaid',
  slow: true,
  sentence: 'The desk does not say which zone has a character in the world.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant(cluster) {
    const { characters } = cluster;
    const honest = characters.answer.bind(characters);
    characters.answer = (request) => {
      const outcome = honest(request);
      const stored = request.kind === 'load' && outcome.kind === 'done' ? decodeStored(outcome.body) : undefined;
      if (stored === undefined) return outcome;
      return { kind: 'done', body: encodeStored({ ...stored, zone: null }) };
    };
    return () => {
      characters.answer = honest;
    };
  },
};

export const deskEpochUnchecked: Plant = {
  name: 'desk-epoch-unchecked',
  slow: true,
  sentence: 'The desk listens to every process that speaks as the owner of a zone.',
  foundBy: lostOrDoubled,
  zones: ZONES,
  plant(cluster) {
    cluster.doors.deskTakes = (_desk, bytes, zone) => {
      const request = decodeDeskRequest(bytes);
      return request === undefined ? bytes : encodeDeskRequest({ ...request, epoch: cluster.zone(zone).epoch });
    };
    return () => {};
  },
};
