import type { ClusterNotice } from '@lifeverse/contracts';
import { describe, expect, it } from 'vitest';
import { LISTEN_MS, Membership, type Presence } from './membership.ts';

const ours = { identity: 'a'.repeat(32), generation: 7, sinceMs: 1_000 };
const theirs = { identity: 'b'.repeat(32), generation: 3, sinceMs: 2_000 };

function said(more: Partial<ClusterNotice> = {}): ClusterNotice {
  return { ...ours, mark: 'ab', speaker: 'backend', version: '0.2.0', joined: true, ...more };
}

/** Of one who knows where it belongs, from 0 on. */
function process(mark = 'ab'): Membership {
  const membership = new Membership(mark, '0.2.0', 0);
  membership.belongs(ours);
  return membership;
}

const seen = (seenMs: number | null, nowMs: number): Presence => ({ generation: 7, seenMs, nowMs });

describe('who wants to join', () => {
  it('joins at once whom it hears', () => {
    const membership = process();
    expect(membership.next(seen(50_000, 50_000), 10)).toBe('wait');
    membership.hear(said(), 20);
    expect(membership.next(seen(50_000, 50_000), 20)).toBe('join');
  });

  it('is the first when nothing of its cluster runs, and hears nobody for a while', () => {
    expect(process().next(seen(null, 50_000), LISTEN_MS - 1)).toBe('wait');
    expect(process().next(seen(null, 50_000), LISTEN_MS)).toBe('found');
    expect(process().next(seen(45_999, 50_000), LISTEN_MS)).toBe('found');
  });

  it('waits for those who were there a moment ago, until they are missed', () => {
    const membership = process();
    for (let ms = 500; ms <= 4_000; ms += 500) expect(membership.next(seen(50_000, 50_000 + ms), ms)).toBe('wait');
    expect(membership.next(seen(50_000, 54_001), 4_001)).toBe('found');
  });

  it('is refused while its database is used by those whom it does not hear', () => {
    const membership = process();
    const steps = [500, 1_000, 1_500, 2_000, 2_500].map((ms) => membership.next(seen(50_000 + ms, 50_000 + ms), ms));
    expect(steps).toEqual(['wait', 'wait', 'wait', 'wait', 'elsewhere']);
  });

  it('waits for a generation that has just begun to be heard', () => {
    const membership = process();
    expect(membership.next(seen(50_000, 50_000), 1_000)).toBe('wait');
    const next = { generation: 8, seenMs: 52_000, nowMs: 52_000 };
    expect(membership.next(next, 3_000)).toBe('wait');
    membership.hear(said({ generation: 8 }), 3_010);
    expect(membership.next(next, 3_010)).toBe('join');
  });

  it('leaves the bus to a cluster of another identity, and not to one who only asks', () => {
    const membership = process();
    membership.hear(said({ ...theirs, joined: false }), 10);
    expect(membership.foreign(10)).toBeNull();
    membership.hear(said({ ...theirs, speaker: 'zone-1' }), 20);
    expect(membership.foreign(20)).toMatchObject({ ...theirs, speaker: 'zone-1' });
    expect(membership.foreign(20 + 3_000)).toBeNull();
  });
});

describe('who has joined', () => {
  it('goes on beside a cluster that came later, and gives way to one that was there before', () => {
    const membership = process();
    membership.joined(0);
    membership.hear(said(theirs), 10);
    expect(membership.foreign(10)).toBeNull();
    membership.hear(said({ ...theirs, sinceMs: 999 }), 20);
    expect(membership.foreign(20)).toMatchObject({ sinceMs: 999 });
  });

  it('of two that began at once, the same gives way by the view of both', () => {
    const views = [ours, theirs].map((own) => {
      const membership = new Membership('', '0.2.0', 0);
      const together = { ...own, sinceMs: 5 };
      membership.belongs(together);
      membership.joined(0);
      for (const identity of [ours.identity, theirs.identity]) membership.hear(said({ identity, sinceMs: 5 }), 1);
      return membership.foreign(1)?.identity ?? null;
    });
    expect(views).toEqual([null, ours.identity]);
  });

  it('is superseded by a generation that is seen again and again, and never heard', () => {
    const membership = process();
    membership.joined(0);
    const later = (ms: number): Presence => ({ generation: 8, seenMs: 50_000 + ms, nowMs: 50_000 + ms });
    expect(membership.isSuperseded(seen(50_000, 50_000), 0)).toBe(false);
    expect([0, 1_000, 2_000].map((ms) => membership.isSuperseded(later(ms), ms))).toEqual([false, false, true]);
  });

  it('is of the later generation that it hears', () => {
    const membership = process();
    membership.joined(0);
    membership.hear(said({ generation: 8, sinceMs: 1_500 }), 10);
    expect(membership.own(10)).toMatchObject({ generation: 8, sinceMs: 1_500 });
    expect(membership.isSuperseded({ generation: 8, seenMs: 9_000, nowMs: 9_000 }, 10)).toBe(false);
  });
});

describe('who has no database', () => {
  it('belongs where its secret is known, and joins once it hears that, or nobody', () => {
    const membership = new Membership('ab', '0.2.0', 0);
    expect(membership.next(null, 10)).toBe('wait');
    membership.hear(said({ mark: '', speaker: 'zone-1' }), 10);
    expect([membership.own(10), membership.foreign(10), membership.next(null, 10)]).toEqual([null, null, 'wait']);
    membership.hear(said(), 20);
    expect([membership.own(20), membership.next(null, 20)]).toMatchObject([ours, 'join']);
    expect(new Membership('ab', '0.2.0', 0).next(null, LISTEN_MS)).toBe('join');
  });

  it('leaves the bus to a cluster of another secret, before it has joined and after', () => {
    const membership = new Membership('cd', '0.2.0', 0);
    membership.hear(said({ mark: '', speaker: 'zone-1' }), 10);
    membership.hear(said(), 20);
    expect(membership.foreign(20)).toMatchObject({ ...ours, speaker: 'backend' });
    membership.joined(0);
    expect(membership.foreign(20)).not.toBeNull();
  });

  it('does not mind another secret beside its own in one cluster', () => {
    const membership = new Membership('ab', '0.2.0', 0);
    membership.hear(said({ mark: 'cd', speaker: 'gateway-1' }), 10);
    membership.hear(said(), 20);
    expect([membership.own(20), membership.foreign(20)]).toMatchObject([ours, null]);
  });
});

describe('who is of another version', () => {
  const of = (version: string): Membership => {
    const membership = new Membership('ab', version, 0);
    membership.belongs(ours);
    return membership;
  };

  it.each([
    ['0.1.3', '0.3.0'],
    ['0.3.0', '0.1.0'],
    ['1.0.0', '0.2.0'],
  ])('of %s joins nobody of %s, and is told who that is', (version, there) => {
    const membership = of(version);
    membership.hear(said({ version: there, speaker: 'zone-1' }), 10);
    expect(membership.unlike(10)).toEqual({ speaker: 'zone-1', version: there });
    expect(membership.unlike(10 + 3_000)).toBeNull();
  });

  it('joins those of the version before and after, and does not mind those of other clusters or who only ask', () => {
    const membership = of('0.2.0');
    membership.hear(said({ version: '0.1.0' }), 10);
    membership.hear(said({ version: '0.3.1', speaker: 'zone-1' }), 10);
    membership.hear(said({ ...theirs, version: '0.9.0', speaker: 'zone-2' }), 10);
    membership.hear(said({ version: '0.9.0', speaker: 'zone-3', joined: false }), 10);
    expect(membership.unlike(10)).toBeNull();
  });

  it('who learns later where it belongs looks then; the supervisor stays, of whatever version it is', () => {
    const gateway = new Membership('ab', '0.3.0', 0);
    gateway.joined(500);
    expect(gateway.unlike(5_000)).toBeNull();
    gateway.hear(said({ version: '0.1.0' }), 6_000);
    expect(gateway.unlike(6_000)).toEqual({ speaker: 'backend', version: '0.1.0' });
    const next = of('0.3.0');
    next.hear(said({ version: '0.1.0', speaker: 'supervisor' }), 10);
    expect(next.unlike(10)).toBeNull();
  });

  it('that was there first stays, and who has just joined hears of it in time', () => {
    const [first, last] = [of('0.1.0'), of('0.3.0')];
    first.joined(-1_000);
    expect(first.unlike(-900)).toBeNull();
    last.joined(0);
    first.hear(said({ version: '0.3.0', speaker: 'zone-2' }), 20);
    last.hear(said({ version: '0.1.0', speaker: 'zone-1' }), 20);
    expect([first.unlike(20), last.unlike(20)]).toEqual([null, { speaker: 'zone-1', version: '0.1.0' }]);
    expect(last.unlike(20 + LISTEN_MS)).toBeNull();
  });
});
