import { optionsTable } from '@lifeverse/node-kit';
import { auditOptions } from './audit/options.ts';
import { clusterOptions } from './cluster/options.ts';
import { renameOptions } from './database/main.ts';
import { drainOptions } from './drain/options.ts';
import { loadOptions } from './load/options.ts';
import { pointsOptions } from './points/main.ts';
import { replaceOptions } from './replace/main.ts';
import { roleOptions } from './role/main.ts';
import { backendOptions } from './roles/backend-role.ts';
import { gatewayRoleOptions } from './roles/gateway-role.ts';
import { zoneOptions } from './roles/zone-role.ts';
import { startOptions } from './start/options.ts';
import { zonesOptions } from './zones/main.ts';

/** docs/reference/configuration.md. */
export function configurationPage(): string {
  return `# Configuration

Owner: cli · Version: 1.0 · Date: 2026-11-20 · Status: current

Made from the declarations in \`cli/src/start/options.ts\`, \`cli/src/start/account-options.ts\`, \`cli/src/roles\`, \`cli/src/database/options.ts\`,
\`services/gateway/src/options.ts\`, \`cli/src/load/options.ts\` and \`cli/src/audit/options.ts\`; \`npx vitest run cli/src/options.test.ts -u\` makes it anew.

The command line wins over the environment, the environment over the default. An option that does not exist and a value
that is none are refused at the start, in the environment too. After \`npm start\`, options follow \`--\`.

## lifeverse start

${optionsTable(startOptions, { environment: true })}

A file for \`--oidc-providers\`; the provider sends players back to \`<public url>/api/oidc/<name>/callback\`:

\`\`\`json
[
  {
    "name": "example",
    "issuer": "https://accounts.example",
    "clientId": "lifeverse",
    "clientSecretFile": "/run/secrets/example"
  }
]
\`\`\`

## lifeverse cluster

${optionsTable(clusterOptions, { environment: true })}

## lifeverse backend

\`DATABASE_URL\` names the database here too.

${optionsTable(backendOptions, { environment: true })}

## lifeverse zone

${optionsTable(zoneOptions, { environment: true })}

## lifeverse gateway

${optionsTable(gatewayRoleOptions, { environment: true })}

${onlyCommandLine('lifeverse load', loadOptions)}

## lifeverse db status, lifeverse db migrate, lifeverse db rename

${optionsTable(renameOptions, { environment: true })}

${onlyCommandLine('lifeverse zones', zonesOptions, ', but for `LIFEVERSE_DATA` and `LIFEVERSE_DATABASE_URL`')}

${onlyCommandLine('lifeverse drain', drainOptions, ', but for `LIFEVERSE_DATA`, `LIFEVERSE_DATABASE_URL` and `LIFEVERSE_CLUSTER`')}

${onlyCommandLine('lifeverse replace', replaceOptions, ', but for `LIFEVERSE_DATA` and `LIFEVERSE_CLUSTER`')}

${onlyCommandLine('lifeverse points', pointsOptions)}

${onlyCommandLine('lifeverse role grant, lifeverse role revoke', roleOptions)}

${onlyCommandLine('lifeverse audit verify', auditOptions)}
`;
}

function onlyCommandLine(command: string, options: Parameters<typeof optionsTable>[0], butFor = ''): string {
  return `## ${command}\n\nOnly on the command line${butFor}.\n\n${optionsTable(options, { environment: false })}`;
}
