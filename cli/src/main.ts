import { ConfigurationError } from '@lifeverse/node-kit';
import { commandsHelp } from './help.ts';
import { version } from './version.ts';

/** The `lifeverse` command. Returns the exit code; what was asked for wrongly is one sentence on standard error. */
export async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  try {
    return await run(command, rest);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(`lifeverse: ${error.message}`);
    return 1;
  }
}

type Command = (argv: readonly string[]) => Promise<number>;

/** Each is loaded when it is asked for. */
const commands: Readonly<Record<string, Command>> = {
  start: async (argv) => (await import('./start/start.ts')).runStart(argv, process.env),
  backend: async (argv) => (await import('./roles/backend-role.ts')).runBackend(argv, process.env),
  zone: async (argv) => (await import('./roles/zone-role.ts')).runZone(argv, process.env),
  gateway: async (argv) => (await import('./roles/gateway-role.ts')).runGateway(argv, process.env),
  cluster: async (argv) => (await import('./cluster/main.ts')).runCluster(argv, process.env),
  load: async (argv) => (await import('./load/main.ts')).runLoad(argv),
  audit: async (argv) => (await import('./audit/main.ts')).runAudit(argv, process.env),
  drill: async (argv) => (await import('./drill/main.ts')).runDrill(argv),
  db: async (argv) => (await import('./database/main.ts')).runDatabase(argv, process.env),
  zones: async (argv) => (await import('./zones/main.ts')).runZones(argv, process.env),
  points: async (argv) => (await import('./points/main.ts')).runPoints(argv),
  drain: async (argv) => (await import('./drain/main.ts')).runDrain(argv, process.env),
  replace: async (argv) => (await import('./replace/main.ts')).runReplace(argv, process.env),
  role: async (argv) => (await import('./role/main.ts')).runRole(argv, process.env),
};

async function run(command: string | undefined, argv: readonly string[]): Promise<number> {
  switch (command) {
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      console.log(commandsHelp);
      return 0;
    case 'version':
    case '--version':
    case '-v':
      console.log(version());
      return 0;
  }
  const asked = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (asked === undefined)
    throw new ConfigurationError(`${JSON.stringify(command)} is no command; "lifeverse --help" lists them.`);
  return asked(argv);
}
