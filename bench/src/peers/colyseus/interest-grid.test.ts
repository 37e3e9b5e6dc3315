import { Random } from '@lifeverse/base';
import { expect, it } from 'vitest';
import { type GridMember, InterestGrid } from './interest-grid.ts';

interface Member extends GridMember {
  readonly id: number;
  xM: number;
  yM: number;
}

it('knows at every moment exactly who is in reach of whom', () => {
  const sideM = 400;
  const random = new Random(11);
  const grid = new InterestGrid<Member>(sideM);
  const pairs = new Set<string>();
  const name = (a: Member, b: Member) => `${Math.min(a.id, b.id)}-${Math.max(a.id, b.id)}`;
  const meets = (a: Member, b: Member) => {
    expect(pairs.has(name(a, b))).toBe(false);
    pairs.add(name(a, b));
  };
  const parts = (a: Member, b: Member) => expect(pairs.delete(name(a, b))).toBe(true);
  let members: Member[] = [];
  for (let id = 0; id < 80; id++) {
    const member = { id, xM: random.between(0, sideM), yM: random.between(0, sideM), column: 0, row: 0 };
    grid.enter(member, member.xM, member.yM, meets);
    members.push(member);
  }
  for (let round = 0; round < 60; round++) {
    for (const member of members) {
      member.xM = Math.min(sideM, Math.max(0, member.xM + random.between(-40, 40)));
      member.yM = Math.min(sideM, Math.max(0, member.yM + random.between(-40, 40)));
      grid.move(member, member.xM, member.yM, meets, parts);
    }
    const gone = members[round % members.length] as Member;
    grid.leave(gone, parts);
    members = members.filter((member) => member !== gone);
    const inReach = new Set<string>();
    for (const a of members) {
      for (const b of members) {
        const dx = Math.floor(a.xM / 32) - Math.floor(b.xM / 32);
        const dy = Math.floor(a.yM / 32) - Math.floor(b.yM / 32);
        if (a.id < b.id && dx * dx + dy * dy <= 5) inReach.add(name(a, b));
      }
    }
    expect([...pairs].sort()).toEqual([...inReach].sort());
  }
});
