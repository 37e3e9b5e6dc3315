import type { RepoFiles } from './repo-files.ts';

/** One thing that a check objects to: where it stands (`path` or `path:line`), and what to do about it. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

/**
 * A rule about the repository. It looks at files only through `RepoFiles`, so that the same function judges the
 * repository and the small planted ones in its test. Checks that build or run something are asynchronous.
 */
export interface Check {
  readonly name: string;
  readonly run: (repo: RepoFiles) => readonly Finding[] | Promise<readonly Finding[]>;
}
