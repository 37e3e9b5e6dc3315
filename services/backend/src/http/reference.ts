import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { apiHeaders } from '@lifeverse/contracts';
import type { FastifyInstance } from 'fastify';

const DESCRIPTION = `What must last: players, belongings, and what staff do. Errors are problem details (RFC 9457)
with a \`code\` of the error catalogue. A session comes as a bearer token, or as a cookie, which a client asks for with
\`${apiHeaders.keep}: cookie\`. Routes below \`/api/admin\` ask for a role.`;

/** OpenAPI 3.1, made from the schemas that check what comes in and shape what goes out; shown at /docs/api. */
export async function addReference(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'LifeVerse Online', version: '0.1.0', description: DESCRIPTION },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'lifeverse' },
        },
      },
      security: [{ bearer: [] }, { cookie: [] }, {}],
    },
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs/api',
    // Nothing is asked of other hosts.
    uiConfig: { validatorUrl: null, deepLinking: true },
    // The gateway's policy holds.
    staticCSP: false,
  });
}
