import { catalogue, type ErrorCode } from '@lifeverse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DeskAnswer,
  type DeskRequest,
  decodeDeskAnswer,
  decodeDeskRequest,
  deskKinds,
  deskLimits,
  encodeDeskAnswer,
  encodeDeskRequest,
} from './desk.ts';

const errorCodes = Object.keys(catalogue) as ErrorCode[];
const nat = fc.maxSafeNat();
const body = fc.uint8Array({ maxLength: 80 });
const head = { zone: nat, epoch: nat, number: nat };
const requests: fc.Arbitrary<DeskRequest> = fc.record({ ...head, kind: fc.constantFrom(...deskKinds), body });
const code = fc.constantFrom(...errorCodes);
const answers: fc.Arbitrary<DeskAnswer> = fc.record({
  ...head,
  outcome: fc.oneof(
    fc.record({ kind: fc.constant('done' as const), body }),
    fc.record({ kind: fc.constant('refused' as const), code }),
    fc.record({ kind: fc.constant('later' as const), code, retryMs: fc.nat({ max: deskLimits.retryMs }) }),
  ),
});
/** Places to turn, and what into. */
const turns = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 });

function damaged(bytes: Uint8Array, turned: readonly (readonly [number, number])[]): Uint8Array {
  const copy = bytes.slice();
  for (const [at, value] of turned) copy[at % copy.length] = value;
  return copy;
}

describe('a request to the desk', () => {
  it('comes back as it was said, and is none when it is cut or longer', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const bytes = encodeDeskRequest(request);
        expect(decodeDeskRequest(bytes)).toEqual(request);
        for (let cut = 0; cut < bytes.length; cut++) expect(decodeDeskRequest(bytes.slice(0, cut))).toBeUndefined();
        expect(decodeDeskRequest(Uint8Array.of(...bytes, 0))).toBeUndefined();
      }),
    );
  });

  it('is one or none, whatever the bytes', () => {
    fc.assert(
      fc.property(requests, turns, (request, turned) => {
        const decoded = decodeDeskRequest(damaged(encodeDeskRequest(request), turned));
        if (decoded !== undefined) expect(deskKinds).toContain(decoded.kind);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void decodeDeskRequest(bytes)));
  });

  it('is none beyond its limits', () => {
    const request = { zone: 1, epoch: 1, number: 1, kind: 'durable' as const };
    const longest = encodeDeskRequest({ ...request, body: new Uint8Array(deskLimits.bodyBytes) });
    expect(decodeDeskRequest(longest)?.body).toHaveLength(deskLimits.bodyBytes);
    const longer = encodeDeskRequest({ ...request, body: new Uint8Array(deskLimits.bodyBytes + 1) });
    expect(decodeDeskRequest(longer)).toBeUndefined();
  });
});

describe('an answer of the desk', () => {
  it('comes back as it was said, and is none when it is cut or longer', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const bytes = encodeDeskAnswer(answer);
        expect(decodeDeskAnswer(bytes)).toEqual(answer);
        for (let cut = 0; cut < bytes.length; cut++) expect(decodeDeskAnswer(bytes.slice(0, cut))).toBeUndefined();
        expect(decodeDeskAnswer(Uint8Array.of(...bytes, 0))).toBeUndefined();
      }),
    );
  });

  it('is one or none, whatever the bytes', () => {
    fc.assert(
      fc.property(answers, turns, (answer, turned) => {
        const { outcome } = decodeDeskAnswer(damaged(encodeDeskAnswer(answer), turned)) ?? {};
        if (outcome?.kind === 'later') expect(outcome.retryMs).toBeLessThanOrEqual(deskLimits.retryMs);
        if (outcome !== undefined && outcome.kind !== 'done') expect(errorCodes).toContain(outcome.code);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void decodeDeskAnswer(bytes)));
  });

  it('is none that asks to wait for longer than a minute', () => {
    const outcome = { kind: 'later', code: 'internal', retryMs: deskLimits.retryMs + 1 } as const;
    expect(decodeDeskAnswer(encodeDeskAnswer({ zone: 1, epoch: 1, number: 1, outcome }))).toBeUndefined();
  });
});
