import type { Check } from '../finding.ts';
import { bannedCalls } from './banned-calls.ts';
import { browserBundle } from './browser-bundle.ts';
import { deadCode } from './dead-code.ts';
import { declaredDependencies } from './declared-dependencies.ts';
import { documents } from './documents.ts';
import { importDirection } from './import-direction.ts';
import { lockfile } from './lockfile.ts';
import { pinnedDependencies } from './pinned-dependencies.ts';
import { shellCommands } from './shell-commands.ts';
import { sizes } from './sizes.ts';
import { snippets } from './snippets.ts';
import { specRules } from './spec-rules.ts';

/** Every check on the repository, in the order in which it is reported. */
export const checks: readonly Check[] = [
  importDirection,
  declaredDependencies,
  pinnedDependencies,
  deadCode,
  sizes,
  specRules,
  bannedCalls,
  browserBundle,
  documents,
  snippets,
  shellCommands,
  lockfile,
];
