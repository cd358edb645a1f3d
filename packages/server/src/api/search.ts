import * as api from '@parley/chat/api';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { callerOf } from './access.ts';
import type { Services } from './services.ts';

/** Full-text search over one's own chats. */
export function searchRoutes({ views }: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/search',
      {
        schema: {
          tags: ['messages'],
          summary: 'Search the messages of your chats',
          querystring: api.searchQuery,
          response: { 200: api.searchResponse },
        },
      },
      async (request) => {
        const { q: words, chatId, limit } = request.query;
        await views.contains();
        const hits = views.search(callerOf(request).id, {
          words,
          limit,
          ...(chatId === undefined ? {} : { chatId }),
        });
        return { hits };
      },
    );
  };
}
