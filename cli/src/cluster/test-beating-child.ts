import { attachToParent, hearParent, tellParent } from '../roles/parent.ts';

/** A role that does nothing, as a supervisor sees it; told `waits`, it is never open; drained for good. */
attachToParent(50);
hearParent(() => tellParent({ kind: 'drains', drains: true }));
if (process.argv[2] !== 'waits') tellParent({ kind: 'open' });
setInterval(() => undefined, 1_000);
