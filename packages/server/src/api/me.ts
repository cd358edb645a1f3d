import { Refusal } from '@parley/chat';
import * as api from '@parley/chat/api';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type Caller, mayCreateChats } from '../accounts/caller.ts';
import { RateLimit } from '../accounts/rate-limit.ts';
import type { SignedIn } from '../accounts/sessions.ts';
import { userChannel } from '../delivery/channels.ts';
import { callerOf } from './access.ts';
import type { Services } from './services.ts';

const tags = ['accounts'];

/** Who one is here. */
export function meRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/me',
      { schema: { tags, summary: 'See who you are here', response: { 200: api.meResponse } } },
      async (request) => meOf(callerOf(request), services),
    );
    app.post('/v1/sign-out', { schema: { tags, summary: 'End your session' } }, async (request, reply) => {
      const { cookie } = request.headers;
      if (cookie !== undefined) reply.header('set-cookie', await services.accounts.signOut(cookie));
      return reply.code(204).send();
    });
  };
}

/** How one gets in: the first-run link, and e-mail with password. */
export function signInRoutes(services: Services): FastifyPluginAsyncZod {
  const { accounts } = services;
  const attempts = new RateLimit({ perSecond: 1 / 6, burst: 10 });
  return async (app) => {
    app.post(
      '/v1/setup',
      {
        schema: {
          tags,
          summary: "Become this Parley's owner, by the first-run link",
          body: api.setupBody,
          response: { 200: api.meResponse },
        },
      },
      async (request, reply) => answerSignedIn(reply, await accounts.setUp(request.body), services),
    );
    app.post(
      '/v1/sign-in',
      {
        schema: {
          tags,
          summary: 'Sign in with e-mail and password',
          body: api.signInBody,
          response: { 200: api.meResponse },
        },
      },
      async (request, reply) => {
        if (accounts.setupToken !== undefined) throw new Refusal('auth.setup_required');
        const { email } = request.body;
        // Guessing is slowed for the address and for the network alike.
        if (!attempts.take(email.toLowerCase()) || !attempts.take(request.ip)) {
          throw new Refusal('request.rate_limited');
        }
        return answerSignedIn(reply, await accounts.signIn(request.body), services);
      },
    );
  };
}

/** Somebody as they see themselves, with what a realtime client needs. */
export function meOf(caller: Caller, { appKey }: Pick<Services, 'appKey'>): api.Me {
  return {
    user: caller,
    mayCreateChats: mayCreateChats(caller),
    realtime: { key: appKey, authEndpoint: '/pusher/auth', userChannel: userChannel(caller.id) },
  };
}

function answerSignedIn(reply: FastifyReply, { caller, cookies }: SignedIn, services: Services): api.Me {
  reply.header('set-cookie', cookies);
  return meOf(caller, services);
}
