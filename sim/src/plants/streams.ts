import { GatewayCore } from '@lifeverse/gateway/core';
import { SectionCodec } from '@lifeverse/sync/common';
import type { Plant } from './plant.ts';
import { rewriteBundle, rewriteUplink } from './rewrite.ts';

/** Every so many are lost. */
const LOST_EVERY = 4;

export const lostLeave: Plant = {
  name: 'lost-leave',
  sentence: 'A stream sometimes does not say that an entity has left.',
  foundBy: ['no keyframe for a checksum', 'a replica agrees with the truth', 'who hides is not seen'],
  plant() {
    const { writeLeave } = SectionCodec.prototype;
    let count = 0;
    SectionCodec.prototype.writeLeave = function (out, slot, to) {
      if (++count % LOST_EVERY !== 0) writeLeave.call(this, out, slot, to);
    };
    return () => {
      SectionCodec.prototype.writeLeave = writeLeave;
    };
  },
};

export const keyFromTruth: Plant = {
  name: 'key-from-truth',
  sentence: 'A keyframe holds the truth instead of the shadow that older readers have.',
  foundBy: ['no keyframe for a checksum', 'a replica agrees with the truth'],
  plant(cluster) {
    const { writeEnter } = SectionCodec.prototype;
    SectionCodec.prototype.writeEnter = function (out, cell, slot, shadow, tick) {
      const store = cluster.zones.find(({ core }) => core.store.rowOf(shadow.id) !== undefined)?.core.store;
      const row = store?.rowOf(shadow.id);
      const truth =
        store === undefined || row === undefined ? shadow : { ...shadow, tick, x: store.x[row], y: store.y[row] };
      writeEnter.call(this, out, cell, slot, truth, tick);
    };
    return () => {
      SectionCodec.prototype.writeEnter = writeEnter;
    };
  },
};

export const headsUnchecked: Plant = {
  name: 'heads-unchecked',
  sentence: 'A gateway does not compare the heads of streams with what it has.',
  foundBy: ['no keyframe for a checksum', 'no protocol error', 'a replica agrees with the truth'],
  plant(cluster) {
    const followed = new Map<string, Map<number, number>>();
    cluster.doors.gatewayTakes = (gateway, bytes) =>
      rewriteBundle(bytes, (bundle) => {
        const life = `${gateway}/${bundle.generation}/${bundle.epoch}`;
        const sequences = followed.get(life) ?? new Map<number, number>();
        followed.set(life, sequences);
        const heads = bundle.heads.slice();
        for (const { slot, key } of bundle.sections) {
          if (key) sequences.set(slot, heads[slot]);
          else if (sequences.has(slot)) sequences.set(slot, ((sequences.get(slot) ?? 0) + 1) & 0xff);
        }
        for (const [slot, sequence] of sequences) if (slot < heads.length) heads[slot] = sequence;
        return { heads };
      });
    return () => {};
  },
};

export const slotVersionUnchecked: Plant = {
  name: 'slot-version-unchecked',
  sentence: 'A gateway takes what the zone says of a reused slot for the stream that has the slot now.',
  foundBy: ['no keyframe for a checksum', 'no protocol error', 'a replica agrees with the truth'],
  plant(cluster) {
    const said = new Map<string, number>();
    cluster.doors.gatewaySends = (_gateway, bytes, zone) =>
      rewriteUplink(bytes, (op, { gateway, generation }) => {
        if (op.op === 'interest') said.set(`${gateway}/${generation}/${zone}`, op.version);
        return op;
      });
    cluster.doors.gatewayTakes = (gateway, bytes, zone) =>
      rewriteBundle(bytes, ({ generation, interestVersion }) => ({
        header: { interestVersion: said.get(`${gateway}/${generation}/${zone}`) ?? interestVersion },
      }));
    return () => {};
  },
};

export const slowNotKeyed: Plant = {
  name: 'slow-not-keyed',
  sentence: 'A player whose line was stalled does not get keyframes of what was left out.',
  foundBy: ['no keyframe for a checksum', 'a replica agrees with the truth'],
  plant() {
    const { drained } = GatewayCore.prototype;
    GatewayCore.prototype.drained = (connection) => {
      const { state, port } = connection;
      if (state.kind !== 'behind' || port.bufferedBytes() > 0) return;
      connection.state = { kind: 'playing', group: state.group };
    };
    return () => {
      GatewayCore.prototype.drained = drained;
    };
  },
};

export const audienceIgnored: Plant = {
  name: 'audience-ignored',
  sentence: 'Every player is sent the streams of every audience.',
  foundBy: ['who hides is not seen'],
  plant(cluster) {
    const every = (1 << cluster.layout.audiences.length) - 1;
    cluster.doors.gatewayTakes = (_gateway, bytes) =>
      rewriteBundle(bytes, () => ({
        session: (record) => (record.audiences === undefined ? record : { ...record, audiences: every }),
      }));
    return () => {};
  },
};

export const eventRepeated: Plant = {
  name: 'event-repeated',
  sentence: 'What is said is told twice.',
  foundBy: ['speech is heard once by those near'],
  plant(cluster) {
    cluster.doors.zoneSends = (_gateway, bytes) => rewriteBundle(bytes, () => ({ tellings: 2 }));
    return () => {};
  },
};
