// Loaded by a server whose journal says that it is done before it is, on a slow disk: the bug that a kill has to show.
import { setTimeout as sleep } from 'node:timers/promises';
import { BuggyStore, PostgresStore, plants } from '@lifeverse/backend/journal';

const { read, write } = PostgresStore.prototype;
const bug = plants['ack-before-commit']?.();
if (bug === undefined) throw new Error('there is no such bug');

const SLOW_MS = 150;

PostgresStore.prototype.write = function (this: PostgresStore, change) {
  const late = async () => {
    await sleep(SLOW_MS);
    return write.call(this, change);
  };
  return new BuggyStore({ read: read.bind(this), write: late }, bug).write(change);
};
