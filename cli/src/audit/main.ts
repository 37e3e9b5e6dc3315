import { type AuditVerdict, verifyAudit } from '@lifeverse/backend';
import { ConfigurationError, optionsHelp, readOptions } from '@lifeverse/node-kit';
import { type Environment, ownDatabase } from '../database/options.ts';
import { withWorldDatabase } from '../database/world-database.ts';
import { auditOptions } from './options.ts';

const HELP = `lifeverse audit verify [options]: reads the audit from its first row, and names the first that is not as it
was written. Exit code 0 when all hold, 1 when not.

${optionsHelp(auditOptions)}`;

/** `lifeverse audit verify`. Returns the exit code. */
export async function runAudit(argv: readonly string[], environment: Environment): Promise<number> {
  const [command, ...rest] = argv;
  if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  if (command !== 'verify') throw new ConfigurationError(`"audit ${command}" is no command; there is "audit verify".`);
  const options = readOptions(auditOptions, rest, {});
  const own = ownDatabase(options.databaseUrl, environment);
  const verdict = await withWorldDatabase({ data: options.data, own }, (database) =>
    verifyAudit(database, options.expect),
  ).catch((error: unknown) => {
    throw explained(error);
  });
  console.log(options.json ? JSON.stringify(inJson(verdict)) : inWords(verdict));
  return verdict.ok ? 0 : 1;
}

function explained(error: unknown): unknown {
  if ((error as { code?: string }).code === '42P01')
    return new ConfigurationError('This database has no audit: no world was ever kept in it.');
  return error;
}

function inJson(verdict: AuditVerdict): object {
  return verdict.ok
    ? { ok: true, rows: Number(verdict.head.number), hash: verdict.head.hash }
    : { ok: false, row: Number(verdict.row), fault: verdict.fault };
}

const faults: Readonly<Record<(AuditVerdict & { ok: false })['fault'], (row: bigint) => string>> = {
  edited: (row) => `Row ${row} is not as it was written: a column was edited.`,
  missing: (row) => `Row ${row} is missing: it was removed.`,
  'out of chain': (row) => `Row ${row} does not follow the row before it: a row was put in or written anew.`,
  'not the head': (row) => `Row ${row} is the last, and the head of the audit names another: the end was changed.`,
  rewritten: () => 'Row 1 and all others follow one another, and a hash that was noted is not there: written anew.',
};

function inWords(verdict: AuditVerdict): string {
  if (!verdict.ok) return `The audit does not hold. ${faults[verdict.fault](verdict.row)}`;
  const { number, hash } = verdict.head;
  return `The audit holds: ${number} ${number === 1n ? 'row' : 'rows'}, the last with hash
${hash}
Noted elsewhere, it shows later that nothing up to here was written anew: --expect ${hash}`;
}
