import { expect, it } from 'vitest';
import { newestResult } from './newest-result.ts';
import { type DistributedResult, scalePage } from './scale-page.ts';
import type { SteeringResult } from './steering-result.ts';

it('what follows from the figures is on its page, which is as fresh as they are', async () => {
  const page = scalePage(
    newestResult<DistributedResult>('distributed') as DistributedResult,
    newestResult<SteeringResult>('steering'),
  );
  expect(page).not.toMatch(/NaN|Infinity|undefined/);
  await expect(page).toMatchFileSnapshot('../../../docs/reference/scale.md');
});
