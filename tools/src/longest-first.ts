import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longer than half a minute: begun last, one of them would keep one core busy while the other rests. */
const longest = [
  'cli/src/command.pg',
  'drill/kill-under-trade/kill-under-trade.pg',
  'start/kept-characters.pg',
  'start/database-gone.pg',
  'start/one-owner.pg',
];

/** Runs the longest files first; a fresh clone has no times of earlier runs to go by. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
