import { expect, it } from 'vitest';
import { attacks } from './attacks.ts';
import { attackResult, floodTable } from './flood-report.ts';
import type { Evidence, Round, WindowFigures } from './verdict.ts';

const seen = (stalenessMsP99: number): WindowFigures => ({
  stalenessMsP50: 5,
  stalenessMsP90: 7,
  stalenessMsP99,
  samples: 10_000,
  serverCpu: 0.2,
  latenessMs: 3,
});
const attack = attacks.find(({ name }) => name === 'half-open') as Evidence['attack'];
const round = (beforeMs: number): Round => ({
  before: seen(beforeMs),
  during: seen(11),
  after: seen(10),
  deeds: { sockets: 2_000 },
  attackerCpuS: 1,
  failure: null,
  joinsMs: [50, 70],
});
const evidence = (rounds: readonly Round[]): Evidence => ({
  attack,
  rounds,
  rssBytes: 100 * 2 ** 20,
  rssBytesPeak: 120 * 2 ** 20,
  disconnects: 0,
  protocolErrors: 0,
  refusals: {},
  grown: { lifeverse_gateway_sockets_refused_total: 5_000 },
});

it('tells what was measured, and that it is well', () => {
  const result = attackResult(evidence([round(10), round(10), round(10)]));
  expect(result).toMatchObject({
    attack: 'half-open',
    ok: true,
    staleness_ms_p99_calm: [10, 10, 10, 10],
    staleness_ms_p99_attack: [11, 11, 11],
    staleness_ratio: 1.1,
    rounds: 3,
    rounds_steady: 3,
    rss_mib: 100,
    rss_mib_more: 20,
    join_ms_max: 70,
    attacker_cpu: 0.1,
    deeds: { sockets: 6_000 },
  });
  expect(floodTable([result])).toMatch(/half-open .* 1\.1 \(3 of 3 steady\) .*100 \+ 20 MiB .* ok$/);
});

it('tells in how many rounds the machine was steady, and no ratio where too little was seen', () => {
  const unsteady = attackResult(evidence([round(10), round(10), round(200)]));
  expect(unsteady).toMatchObject({ ok: false, staleness_ratio: 1.1, rounds_steady: 2 });
  const unseen = attackResult(evidence([{ ...round(10), during: { ...seen(11), samples: 999 } }]));
  expect(unseen).toMatchObject({ ok: false, staleness_ratio: null });
  expect(floodTable([unseen])).toMatch(/unknown \(0 of 1 steady\) .* FAILED$/);
});
