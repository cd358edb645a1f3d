import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireChannelAccess } from '../delivery/channel-access.ts';
import { callerOf } from './access.ts';
import type { Services } from './services.ts';

// Clients of the protocol add fields of their own; those are not ours to judge.
const body = z.object({
  socket_id: z.string().regex(/^\d+\.\d+$/, 'must be the socket id of the connection'),
  channel_name: z.string().min(1).max(200),
});

/** Channel authorisation of the Pusher protocol, at the two addresses that clients expect. */
export function channelAuthRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    for (const url of ['/pusher/auth', '/broadcasting/auth']) {
      app.post(
        url,
        { schema: { tags: ['realtime'], summary: 'Authorise a subscription (Pusher protocol)', body } },
        async (request) => {
          const { socket_id: socketId, channel_name: channel } = request.body;
          const member = await requireChannelAccess(services.sessions, callerOf(request), channel);
          return services.realtimeServer.signChannel({
            socketId,
            channel,
            ...(member === undefined ? {} : { channelData: JSON.stringify(member) }),
          });
        },
      );
    }
  };
}
