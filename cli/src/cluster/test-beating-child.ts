import { attachToParent, tellParent } from '../roles/parent.ts';

/** A role that does nothing, as a supervisor sees it. */
attachToParent(50);
tellParent({ kind: 'open' });
setInterval(() => undefined, 1_000);
