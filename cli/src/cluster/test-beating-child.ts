import { attachToParent, tellParent } from '../roles/parent.ts';

/** A role that does nothing, as a supervisor sees it; told `waits`, it is never open. */
attachToParent(50);
if (process.argv[2] !== 'waits') tellParent({ kind: 'open' });
setInterval(() => undefined, 1_000);
