import { expect, it } from 'vitest';
import { Exposition } from './exposition.ts';

const page = `# HELP refusals_total Answers with a code.
# TYPE refusals_total counter
refusals_total{code="malformed_message",instance="gateway-0"} 3
refusals_total{code="malformed_message",instance="gateway-1"} 4
refusals_total{code="rate_exceeded",instance="gateway-0"} 5
resident_memory_bytes 1.5e+8
`;

it('sums the series of a name, all of them or those with a label', () => {
  const exposition = new Exposition(page);
  expect(exposition.total('refusals_total')).toBe(12);
  expect(exposition.total('refusals_total', { name: 'code', value: 'malformed_message' })).toBe(7);
  expect(exposition.total('refusals_total', { name: 'code', value: 'malformed' })).toBe(0);
  expect(exposition.total('resident_memory_bytes')).toBe(150_000_000);
  expect(exposition.total('refusals')).toBe(0);
});
