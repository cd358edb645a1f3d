import cors from '@fastify/cors';
import formbody from '@fastify/formbody';
import { Refusal } from '@parley/chat';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import { refuseForeignPages, requireCaller } from './access.ts';
import { aiResponseRoutes } from './ai-responses.ts';
import { channelAuthRoutes } from './channel-auth.ts';
import { chatRoutes } from './chats.ts';
import { describeRoutes, docsRoutes } from './docs.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { inviteLinkRoutes, inviteRoutes } from './invites.ts';
import { meRoutes, signInRoutes } from './me.ts';
import { messageRoutes } from './messages.ts';
import { pageRoutes } from './page.ts';
import { participantRoutes } from './participants.ts';
import { answerError } from './problem.ts';
import { searchRoutes } from './search.ts';
import type { Services } from './services.ts';
import { turnRoutes } from './turns.ts';

export interface AppOptions {
  services: Services;
  logger: FastifyBaseLogger;
  /** Folder of the built web page. */
  page: string;
  trustProxy: boolean;
}

// A message of 16,000 characters, each written as an escape, with room to spare.
const bodyLimit = 256 * 1024;

/** Parley's HTTP side: every route, and who may reach it. */
export async function buildApp({ services, logger, page, trustProxy }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy,
    bodyLimit,
    routerOptions: { maxParamLength: 400 },
    genReqId: () => uuidv7(),
    // A request that arrives while the server stops is answered, not cut off.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  // Schemas of answers describe; what is sent was made here and is not checked again.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    answerError(
      Object.assign(new Refusal('request.not_found'), { statusCode: 404 }) as never,
      request,
      reply,
    );
  });
  takeOnlyJson(app);

  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', refuseForeignPages(services));
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin');
  });
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    services.metrics.request(method, routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000);
  });
  await app.register(cors, {
    origin: [...services.allowedOrigins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'retry-after'],
    maxAge: 600,
  });

  await describeRoutes(app);
  await app.register(openRoutes(services, page));
  await app.register(memberRoutes(services));
  return app;
}

/** All that can be reached by anybody. What is not in this list needs a caller. */
function openRoutes(services: Services, page: string) {
  return async (app: FastifyInstance) => {
    await app.register(signInRoutes(services));
    await app.register(inviteLinkRoutes(services));
    await app.register(healthRoutes(services));
    await app.register(docsRoutes);
    await app.register(pageRoutes(page));
  };
}

function memberRoutes(services: Services) {
  return async (app: FastifyInstance) => {
    app.addHook('onRequest', requireCaller(services));
    await app.register(meRoutes(services));
    await app.register(chatRoutes(services));
    await app.register(messageRoutes(services));
    await app.register(turnRoutes(services));
    await app.register(participantRoutes(services));
    await app.register(inviteRoutes(services));
    await app.register(aiResponseRoutes(services));
    await app.register(eventRoutes(services));
    await app.register(searchRoutes(services));
    await app.register(async (forms) => {
      // Pusher clients send a form.
      await forms.register(formbody);
      await forms.register(channelAuthRoutes(services));
    });
  };
}

function takeOnlyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Many clients name the type even where there is no body.
    if (body === '') done(null, undefined);
    else void parse(request, body.toString(), done);
  });
}
