import { timingSafeEqual } from 'node:crypto';
import { Refusal } from '@parley/chat';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { credentialsOf } from './access.ts';
import type { Services } from './services.ts';

const tags = ['operations'];

/** For those who operate Parley: is it alive, is it ready, how is it doing. */
export function healthRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/healthz', { schema: { tags, summary: 'Is the process alive?' } }, async () => ({
      status: 'ok',
    }));

    app.get('/readyz', { schema: { tags, summary: 'Can it serve?' } }, async () => {
      if (!services.ready()) throw new Refusal('server.stopping');
      await services.log.head();
      return { status: 'ready' };
    });

    app.get(
      '/metrics',
      {
        schema: {
          tags,
          summary: 'Numbers for Prometheus',
          description: 'For the owner, `server` tokens, and the bearer of `PARLEY_METRICS_TOKEN`.',
        },
      },
      async (request, reply) => {
        await requireOperator(services, request);
        const { registry } = services.metrics;
        return reply.type(registry.contentType).send(await registry.metrics());
      },
    );
  };
}

async function requireOperator({ accounts, metricsToken }: Services, request: FastifyRequest): Promise<void> {
  const { authorization } = request.headers;
  if (metricsToken !== undefined && authorization !== undefined) {
    const [given, wanted] = [Buffer.from(authorization), Buffer.from(`Bearer ${metricsToken}`)];
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  }
  const { kind } = await accounts.authenticate(credentialsOf(request));
  if (kind !== 'owner' && kind !== 'server') throw new Refusal('auth.forbidden');
}
