import { describe, expect, it } from 'vitest';
import { CLOCK_UNCERTAINTY_MS, HEARD_MS, Ownership, type OwnershipState } from './ownership.ts';

const LEASE_MS = 1_500;
const MARGIN_MS = 250;
const HOLDS_MS = LEASE_MS - MARGIN_MS;
const ASKED_MS = 10_000;
/** The deadline of a lease that was asked for then. */
const DEADLINE_MS = ASKED_MS + HOLDS_MS;

function fresh(ownBus = false): Ownership {
  return new Ownership({ epoch: 7, leaseMs: LEASE_MS, marginMs: MARGIN_MS, ownBus });
}

/** One that was granted, with these besides. */
function owner(others: readonly string[] = [], ownBus = false): Ownership {
  const ownership = fresh(ownBus);
  ownership.granted(ASKED_MS, others);
  return ownership;
}

const may = (ownership: Ownership, nowMs: number) => ({
  tick: ownership.mayTick(nowMs),
  flush: ownership.mayFlush(nowMs),
  takeOrGive: ownership.mayTakeOrGive(nowMs),
});
const everything = { tick: true, flush: true, takeOrGive: true };
const nothing = { tick: false, flush: false, takeOrGive: false };
const onlyPlay = { tick: true, flush: true, takeOrGive: false };
const waiting: OwnershipState = { state: 'waiting' };

describe('[WO42] the deadline of a lease', () => {
  it('is the lease less the margin, from when it was asked for', () => {
    const ownership = fresh();
    expect([ownership.stateAt(ASKED_MS), may(ownership, ASKED_MS)]).toEqual([waiting, nothing]);
    ownership.granted(ASKED_MS, []);
    expect(ownership.stateAt(DEADLINE_MS - 1)).toEqual({ state: 'owning', untilMs: DEADLINE_MS });
    expect(may(ownership, DEADLINE_MS - 1)).toEqual(everything);
    expect(ownership.stateAt(DEADLINE_MS)).toEqual(waiting);
    expect(may(ownership, DEADLINE_MS)).toEqual(nothing);
  });

  it('is never brought forward by an answer to an earlier question', () => {
    const ownership = owner();
    ownership.granted(ASKED_MS - 400, []);
    expect(may(ownership, DEADLINE_MS - 1)).toEqual(everything);
  });

  it('has passed for who was paused beyond it, until it is asked anew: the answer that came meanwhile is worth nothing', () => {
    const ownership = owner();
    const wokenMs = ASKED_MS + 60_000;
    expect(may(ownership, wokenMs)).toEqual(nothing);
    ownership.granted(ASKED_MS + 500, []);
    expect(may(ownership, wokenMs)).toEqual(nothing);
    ownership.granted(wokenMs, []);
    expect(may(ownership, wokenMs + 1)).toEqual(everything);
  });
});

describe('[WO44] at the deadline, while the database cannot be reached', () => {
  const unreachable = (ownership: Ownership): Ownership => {
    ownership.unreachable(ASKED_MS + 1_000);
    return ownership;
  };

  it('who has the bus to itself coasts: plays on, and neither takes nor gives', () => {
    const ownership = unreachable(owner([], true));
    expect(may(ownership, DEADLINE_MS - 1)).toEqual(everything);
    expect(ownership.stateAt(DEADLINE_MS)).toEqual({ state: 'coasting', sinceMs: DEADLINE_MS });
    expect(may(ownership, DEADLINE_MS)).toEqual(onlyPlay);
  });

  it('a question that failed counts for as long as an answer would have, and no lease was ever got by failing', () => {
    const ownership = unreachable(owner([], true));
    const end = ASKED_MS + 1_000 + HOLDS_MS;
    expect([may(ownership, end - 1), may(ownership, end)]).toEqual([onlyPlay, nothing]);
    ownership.unreachable(end);
    expect(may(ownership, end + 1)).toEqual(onlyPlay);
    const never = fresh(true);
    never.unreachable(ASKED_MS);
    expect(may(never, ASKED_MS)).toEqual(nothing);
  });

  it('who was paused does not, before it has asked again', () => {
    const ownership = unreachable(owner([], true));
    const wokenMs = DEADLINE_MS + 60_000;
    expect(may(ownership, wokenMs)).toEqual(nothing);
    ownership.unreachable(wokenMs);
    expect(may(ownership, wokenMs + 1)).toEqual(onlyPlay);
  });

  it('on a shared bus only as long as all who had a lease say the same', () => {
    const ownership = unreachable(owner(['b', 'c']));
    expect(may(ownership, DEADLINE_MS)).toEqual(nothing);
    ownership.heard('b', false, DEADLINE_MS - 100);
    expect(may(ownership, DEADLINE_MS)).toEqual(nothing);
    ownership.heard('c', false, DEADLINE_MS - 50);
    expect(may(ownership, DEADLINE_MS)).toEqual(onlyPlay);
    const silentMs = DEADLINE_MS - 100 + HEARD_MS;
    ownership.unreachable(silentMs);
    expect([may(ownership, silentMs), may(ownership, silentMs + 1)]).toEqual([onlyPlay, nothing]);
  });

  it('not while anybody says that it reaches the database, known or not', () => {
    const ownership = unreachable(owner(['b']));
    ownership.heard('b', false, DEADLINE_MS);
    ownership.heard('newcomer', true, DEADLINE_MS);
    expect(may(ownership, DEADLINE_MS + 1)).toEqual(nothing);
    ownership.heard('newcomer', false, DEADLINE_MS + 1);
    expect(may(ownership, DEADLINE_MS + 1)).toEqual(onlyPlay);
    ownership.heard('b', true, DEADLINE_MS + 2);
    expect(may(ownership, DEADLINE_MS + 2)).toEqual(nothing);
  });

  it('alone on a shared bus it coasts, and owns again once the database answers', () => {
    const ownership = unreachable(owner());
    expect(may(ownership, DEADLINE_MS)).toEqual(onlyPlay);
    ownership.granted(DEADLINE_MS + 100, []);
    expect(may(ownership, DEADLINE_MS + 101)).toEqual(everything);
  });
});

describe('[WO45] an epoch', () => {
  it('that is higher ends the ownership at once, for good', () => {
    const ownership = owner();
    ownership.heardEpoch(7);
    ownership.heardEpoch(6);
    expect(may(ownership, ASKED_MS)).toEqual(everything);
    ownership.heardEpoch(8);
    expect(may(ownership, ASKED_MS)).toEqual(nothing);
    ownership.granted(ASKED_MS + 1, []);
    expect(may(ownership, ASKED_MS + 2)).toEqual(nothing);
    expect(ownership.stateAt(ASKED_MS)).toEqual({ state: 'lost', loss: { why: 'outranked', epoch: 8 } });
  });
});

describe('[WO46] a clock', () => {
  it('that is uncertain by more than 20 ms ends it, for good', () => {
    const ownership = owner([], true);
    ownership.uncertainty(CLOCK_UNCERTAINTY_MS);
    expect(may(ownership, ASKED_MS)).toEqual(everything);
    ownership.uncertainty(20.5);
    ownership.uncertainty(1);
    expect(may(ownership, ASKED_MS)).toEqual(nothing);
    expect(ownership.stateAt(ASKED_MS)).toEqual({ state: 'lost', loss: { why: 'clock', uncertaintyMs: 20.5 } });
  });
});

describe('[WO47] what is lost', () => {
  it('is not got back by anything, and keeps its first reason', () => {
    const ownership = owner([], true);
    ownership.lose({ why: 'taken' });
    ownership.lose({ why: 'replaced' });
    ownership.granted(ASKED_MS + 1, []);
    ownership.unreachable(ASKED_MS + 1);
    for (const nowMs of [ASKED_MS + 2, DEADLINE_MS + 2]) {
      expect(may(ownership, nowMs)).toEqual(nothing);
      expect(ownership.stateAt(nowMs)).toEqual({ state: 'lost', loss: { why: 'taken' } });
    }
  });
});
