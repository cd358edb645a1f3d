import swagger from '@fastify/swagger';
import { listRefusals } from '@parley/chat';
import { listRegistry } from '@parley/chat/registry';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Collects the description of every route that is registered after it. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  const errors = listRefusals().map(
    ({ code, status, sentence }) => `| ${status} | \`${code}\` | ${sentence} |`,
  );
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Parley',
        version: '1',
        description: [
          'A chat server in which people and AI participants hold a conversation together.',
          '',
          'Every error is `application/problem+json` with one of these codes:',
          '',
          '| status | code | |',
          '|---|---|---|',
          ...errors,
        ].join('\n'),
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'parley.session_token' },
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: jsonSchemaTransform,
  });
}

/** `/openapi.json`, `/docs`, and the schemas that events name. */
export async function docsRoutes(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  app.get('/schemas/:type/:version', { schema: { hide: true } }, async (request, reply) => {
    const { type, version } = request.params as { type: string; version: string };
    const entry = listRegistry().find(
      ({ name, kind, version: current }) =>
        kind !== 'command' && name === type && String(current) === version,
    );
    if (entry === undefined) return reply.callNotFound();
    return entry.schema;
  });
  await app.register(scalar, {
    routePrefix: '/docs',
    configuration: { url: '/openapi.json', withDefaultFonts: false, telemetry: false },
  });
}
