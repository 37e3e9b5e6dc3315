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

async function run(command: string | undefined, argv: readonly string[]): Promise<number> {
  switch (command) {
    case 'start': {
      const { runStart } = await import('./start/start.ts');
      return runStart(argv, process.env);
    }
    case 'backend': {
      const { runBackend } = await import('./roles/backend-role.ts');
      return runBackend(argv, process.env);
    }
    case 'zone': {
      const { runZone } = await import('./roles/zone-role.ts');
      return runZone(argv, process.env);
    }
    case 'gateway': {
      const { runGateway } = await import('./roles/gateway-role.ts');
      return runGateway(argv, process.env);
    }
    case 'cluster': {
      const { runCluster } = await import('./cluster/main.ts');
      return runCluster(argv, process.env);
    }
    case 'load': {
      const { runLoad } = await import('./load/main.ts');
      return runLoad(argv);
    }
    case 'audit': {
      const { runAudit } = await import('./audit/main.ts');
      return runAudit(argv, process.env);
    }
    case 'drill': {
      const { runDrill } = await import('./drill/main.ts');
      return runDrill(argv);
    }
    case 'db': {
      const { runDatabase } = await import('./database/main.ts');
      return runDatabase(argv, process.env);
    }
    case 'zones': {
      const { runZones } = await import('./zones/main.ts');
      return runZones(argv, process.env);
    }
    case 'points': {
      const { runPoints } = await import('./points/main.ts');
      return runPoints(argv);
    }
    case 'drain': {
      const { runDrain } = await import('./drain/main.ts');
      return runDrain(argv, process.env);
    }
    case 'replace': {
      const { runReplace } = await import('./replace/main.ts');
      return runReplace(argv, process.env);
    }
    case 'role': {
      const { runRole } = await import('./role/main.ts');
      return runRole(argv, process.env);
    }
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
    default:
      throw new ConfigurationError(`${JSON.stringify(command)} is no command; "lifeverse --help" lists them.`);
  }
}
