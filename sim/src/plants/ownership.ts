import type { Plant } from './plant.ts';
import { rewriteBundle, rewriteUplink } from './rewrite.ts';

export const epochUnchecked: Plant = {
  name: 'epoch-unchecked',
  sentence: 'A gateway listens to every process that speaks as the owner of the zone.',
  foundBy: [
    'no keyframe for a checksum',
    'no protocol error',
    'a replica agrees with the truth',
    'who plays is in the world',
    'no input twice, none skipped',
    'the own avatar as the server has it',
  ],
  plant(cluster) {
    cluster.doors.gatewayTakes = (_gateway, bytes) => rewriteBundle(bytes, () => ({ header: { epoch: 1 } }));
    return () => {};
  },
};

export const generationKept: Plant = {
  name: 'generation-kept',
  sentence: 'A gateway that is started anew has the generation of its former life.',
  foundBy: [
    'no keyframe for a checksum',
    'no protocol error',
    'a replica agrees with the truth',
    'who plays is in the world',
    'no input twice, none skipped',
    'the own avatar as the server has it',
    'nobody stays behind',
  ],
  plant(cluster) {
    cluster.generationStep = 0;
    return () => {};
  },
};

export const gapUnnoticed: Plant = {
  name: 'gap-unnoticed',
  sentence: 'A gateway does not notice that bundles were lost, and asks for nothing that was in them.',
  foundBy: [
    'a replica agrees with the truth',
    'who plays is in the world',
    'no input twice, none skipped',
    'the own avatar as the server has it',
    'who hides is not seen',
  ],
  plant(cluster) {
    const taken = new Map<string, { sequence: number; told: number }>();
    cluster.doors.gatewayTakes = (gateway, bytes) =>
      rewriteBundle(bytes, ({ generation, epoch, sequence }) => {
        const life = `${gateway}/${generation}/${epoch}`;
        const last = taken.get(life) ?? { sequence: sequence - 1, told: sequence - 1 };
        const told = sequence > last.sequence ? last.told + 1 : last.told;
        if (sequence > last.sequence) taken.set(life, { sequence, told });
        return { header: { sequence: told } };
      });
    return () => {};
  },
};

export const characterDoubled: Plant = {
  name: 'character-doubled',
  sentence: 'A zone takes a character that comes back for another one.',
  foundBy: ['one entity for a character', 'no input twice, none skipped'],
  plant(cluster) {
    cluster.doors.zoneTakes = (_gateway, bytes) =>
      rewriteUplink(bytes, (op) =>
        op.op === 'attach' || op.op === 'detach' ? { ...op, character: `${op.character}/${op.incarnation}` } : op,
      );
    return () => {};
  },
};

export const attachSaidOnce: Plant = {
  name: 'attach-said-once',
  sentence: 'A gateway says only once that a player is here.',
  foundBy: ['who plays is in the world', 'no input twice, none skipped', 'the own avatar as the server has it'],
  plant(cluster) {
    const said = new Set<string>();
    cluster.doors.gatewaySends = (_gateway, bytes) =>
      rewriteUplink(bytes, (op, { gateway, generation }) => {
        if (op.op !== 'attach') return op;
        const session = `${gateway}/${generation}/${op.session}`;
        if (said.has(session)) return null;
        said.add(session);
        return op;
      });
    return () => {};
  },
};

export const detachSaidOnce: Plant = {
  name: 'detach-said-once',
  sentence: 'A gateway says only once that a player is gone.',
  foundBy: ['nobody stays behind', 'who is away stands still'],
  plant(cluster) {
    const said = new Set<string>();
    cluster.doors.gatewaySends = (_gateway, bytes) =>
      rewriteUplink(bytes, (op, { gateway, generation }) => {
        if (op.op !== 'detach') return op;
        const session = `${gateway}/${generation}/${op.session}`;
        if (said.has(session)) return null;
        said.add(session);
        return op;
      });
    return () => {};
  },
};
