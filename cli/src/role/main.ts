import { changeRole } from '@lifeverse/backend';
import { type Role, roles } from '@lifeverse/contracts';
import { ConfigurationError, choice, optionalText, optionsHelp, readOptions, text } from '@lifeverse/node-kit';
import { LifeverseError } from '@lifeverse/protocol';
import { databaseOptions, type Environment, ownDatabase } from '../database/options.ts';
import { withWorldDatabase } from '../database/world-database.ts';

/** What `lifeverse role grant` and `lifeverse role revoke` can be told. */
export const roleOptions = {
  player: optionalText({ expected: 'the id of a player', sentence: 'Whose role it is; needed.' }),
  role: choice({ options: roles, default: 'viewer', sentence: 'The role.' }),
  reason: text({ expected: 'words', default: 'by the operator', sentence: 'Why, for the audit.' }),
  ...databaseOptions,
} as const;

const HELP = `lifeverse role grant [options]: gives a player a role: the way to the first owner of a world.
lifeverse role revoke [options]: takes it away.

${optionsHelp(roleOptions)}`;

/** `lifeverse role grant|revoke`. Returns the exit code. */
export async function runRole(argv: readonly string[], environment: Environment): Promise<number> {
  const [change, ...rest] = argv;
  if (change === undefined || argv.includes('--help') || argv.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  if (change !== 'grant' && change !== 'revoke')
    throw new ConfigurationError(`role ${JSON.stringify(change)} is no command; there are "grant" and "revoke".`);
  const { player, role, reason, data, databaseUrl } = readOptions(roleOptions, rest, {});
  if (player === null) throw new ConfigurationError('--player is needed: the id of a player.');
  const where = { data, own: ownDatabase(databaseUrl, environment) };
  const asked = { player, role: role as Role, change, actor: 'command', reason } as const;
  const held = await withWorldDatabase(where, (database) => changeRole(database, asked)).catch((error: unknown) => {
    throw error instanceof LifeverseError ? new ConfigurationError(`--player: ${error.message}`) : error;
  });
  console.log(held.length === 0 ? 'The player has no role now.' : `The player is ${held.join(', ')} now.`);
  return 0;
}
