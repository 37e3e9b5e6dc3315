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
const round = (duringMs: number, samples = 10_000): Round => ({
  during: [{ ...seen(duringMs), samples }],
  after: [seen(10)],
  deeds: { sockets: 2_000 },
  attackerCpuS: 1,
  failure: null,
  joinsMs: [50, 70],
});
const evidence = (rounds: readonly Round[]): Evidence => ({
  attack,
  before: [seen(10)],
  rounds,
  rssBytes: 100 * 2 ** 20,
  rssBytesPeak: 120 * 2 ** 20,
  disconnects: 0,
  protocolErrors: 0,
  refusals: {},
  grown: { lifeverse_gateway_sockets_refused_total: 5_000 },
});

it('tells what was measured, and that it is well', () => {
  const result = attackResult(evidence([round(11), round(11), round(11), round(11)]));
  expect(result).toMatchObject({
    attack: 'half-open',
    ok: true,
    staleness_ms_p99_calm: [10, 10, 10, 10, 10],
    staleness_ms_p99_attack: [11, 11, 11, 11],
    staleness_ratio: 1.1,
    rounds: 4,
    rss_mib: 100,
    rss_mib_more: 20,
    join_ms_max: 70,
    attacker_cpu: 0.1,
    deeds: { sockets: 8_000 },
  });
  expect(floodTable([result])).toMatch(/half-open .* 1\.1 \(1\.1-1\.1\) .*100 \+ 20 MiB .* ok$/);
});

it('tells between what a ratio may lie, and none where too little was seen', () => {
  const apart = attackResult(evidence([round(7), round(20), round(7), round(20)]));
  expect(apart).toMatchObject({ ok: false, staleness_ratio: 0.7, staleness_ratio_least: 0.7, staleness_ratio_most: 2 });
  const unseen = attackResult(evidence([round(11, 999)]));
  expect(unseen).toMatchObject({ ok: false, staleness_ratio: null });
  expect(floodTable([unseen])).toMatch(/unknown .* FAILED$/);
});
