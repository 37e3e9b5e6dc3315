import type { SessionRecord } from '@lifeverse/contracts';
import { PrivateCodec } from '@lifeverse/sync/common';
import type { Plant } from './plant.ts';
import { rewriteBundle, rewriteUplink } from './rewrite.ts';

export const stableEarly: Plant = {
  name: 'stable-early',
  sentence:
    'Inputs are called stable when the gateway has sent them, before the zone has them: what is lost is not sent again.',
  foundBy: ['no input twice, none skipped'],
  plant(cluster) {
    const sent = new Map<string, number>();
    cluster.doors.gatewaySends = (_gateway, bytes) =>
      rewriteUplink(bytes, (op, { gateway, generation }) => {
        if (op.op === 'input') sent.set(`${gateway}/${generation}/${op.session}`, op.sequence);
        return op;
      });
    cluster.doors.gatewayTakes = (gateway, bytes) =>
      rewriteBundle(bytes, ({ generation }) => ({
        session: (record) => {
          if (record.stable === undefined) return record;
          const stable = sent.get(`${gateway}/${generation}/${record.session}`) ?? record.stable;
          return { ...record, stable, applied: Math.max(stable, record.applied ?? 0) };
        },
      }));
    return () => {};
  },
};

/** What the zone is told instead of a session's own sequences, and which of these stands behind each. */
interface Renumbered {
  readonly originals: number[];
}

export const sequenceUnchecked: Plant = {
  name: 'sequence-unchecked',
  sentence: 'A zone applies every input that arrives, also those it has had.',
  foundBy: [
    'no input twice, none skipped',
    'speech is heard once by those near',
    'the own avatar as the server has it',
  ],
  plant(cluster) {
    const privates = new PrivateCodec(cluster.layout);
    const sessions = new Map<string, Renumbered>();
    cluster.doors.zoneTakes = (_gateway, bytes) =>
      rewriteUplink(bytes, (op, { gateway, generation }) => {
        if (op.op !== 'input') return op;
        const life = `${gateway}/${generation}/${op.session}`;
        const { originals } = sessions.get(life) ?? { originals: [0] };
        sessions.set(life, { originals });
        originals.push(Math.max(op.sequence, originals[originals.length - 1]));
        return { ...op, sequence: originals.length - 1 };
      });
    const back = (record: SessionRecord, { originals }: Renumbered): SessionRecord => {
      const of = (sequence: number): number => originals[sequence] ?? 0;
      const body = record.body === undefined ? undefined : privates.decode(record.body);
      const said = { stable: of(record.stable ?? 0), applied: of(record.applied ?? 0) };
      if (body === undefined) return record.stable === undefined ? record : { ...record, ...said };
      const refused = body.refused.map(({ sequence, code }) => ({ sequence: of(sequence), code }));
      return {
        ...record,
        ...said,
        body: privates.encode({ ...body, applied: of(body.applied), refused }),
      };
    };
    cluster.doors.zoneSends = (gateway, bytes) =>
      rewriteBundle(bytes, ({ generation }) => ({
        session: (record) => {
          const renumbered = sessions.get(`${gateway}/${generation}/${record.session}`);
          return renumbered === undefined ? record : back(record, renumbered);
        },
      }));
    return () => {};
  },
};
