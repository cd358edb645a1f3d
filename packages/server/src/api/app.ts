import cors from '@fastify/cors';
import formbody from '@fastify/formbody';
import { Refusal } from '@parley/chat';
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
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
import { answerErrors } from './problem.ts';
import { searchRoutes } from './search.ts';
import type { Services } from './services.ts';
import { stateRoutes } from './state.ts';
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
  const answerError = answerErrors(logger);
  const app = fastify({
    // Only what went wrong is logged, by the handler of errors; a logger in every request would cost a tenth of it.
    logger: false,
    trustProxy,
    bodyLimit,
    routerOptions: { maxParamLength: 400 },
    genReqId: requestIds(),
    // An address that can't be read comes here before any route.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
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
  app.decorateRequest('arrivedAt', 0);
  app.addHook('onRequest', (request, reply, done) => {
    request.arrivedAt = performance.now();
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  // Counted when the answer is ready: to wait until it has left costs each request a listener.
  app.addHook('onSend', ({ method, routeOptions, arrivedAt }, reply, payload, done) => {
    const seconds = (performance.now() - arrivedAt) / 1000;
    services.metrics.requests.observe(method, routeOptions.url ?? 'none', reply.statusCode, seconds);
    done(null, payload);
  });
  if (services.allowedOrigins.length > 0) {
    await app.register(cors, {
      origin: [...services.allowedOrigins],
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['etag', 'retry-after'],
      maxAge: 600,
    });
  }

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
    await app.register(stateRoutes(services));
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

/** Ids that are never given twice, by any server: a random beginning for each start, and a count. */
function requestIds(): () => string {
  const start = uuidv7();
  let count = 0;
  return () => `${start}.${(++count).toString(36)}`;
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
