import type { TestProject } from 'vitest/node';
import { startTestServer } from './test-database.ts';

/** For vitest: the server that the tests of the `pg` tier share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
