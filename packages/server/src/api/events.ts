import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal, toCloudEvent } from '@parley/chat';
import * as api from '@parley/chat/api';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { fromLog } from '../orchestrator/chat-events.ts';
import { credentialsOf, requireMember } from './access.ts';
import { chatParams } from './params.ts';
import type { Services } from './services.ts';

const pageSize = 200;
const heartbeatEvery = 20_000;

/** A chat's events as CloudEvents: a page of them, or a stream that goes on. */
export function eventRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/chats/:chatId/events',
      {
        schema: {
          tags: ['events'],
          summary: "Read a chat's events after a sequence number",
          description:
            'CloudEvents 1.0 JSON. With `Accept: text/event-stream` the answer is a stream of server-sent ' +
            'events that goes on with what happens; it resumes by `Last-Event-ID`.',
          params: chatParams,
          querystring: api.eventsQuery,
        },
      },
      async (request, reply) => {
        const { chatId } = request.params;
        const { chat } = await requireMember(services, request, chatId);
        const { after, limit } = request.query;
        if (!request.headers.accept?.includes('text/event-stream')) {
          const events = await read(services, chatId, after, limit);
          return { events, head: Math.max(chat.sequence, Number(events.at(-1)?.sequence ?? 0)) };
        }
        const lastEventId = Number(request.headers['last-event-id'] ?? after);
        if (!Number.isSafeInteger(lastEventId) || lastEventId < 0) {
          throw new Refusal('request.invalid', { sentence: 'Last-Event-ID must be a sequence number.' });
        }
        reply.header('content-type', 'text/event-stream').header('cache-control', 'no-store');
        return reply.send(Readable.from(stream(services, request, chatId, lastEventId)));
      },
    );
  };
}

async function read({ log }: Services, chatId: string, after: number, limit: number) {
  const events = await log.readStream(chatId, { after, limit });
  return events.map((event) => toCloudEvent(fromLog(event)));
}

/** Server-sent events from the log, woken by news; ends when the caller may no longer read, or the server stops. */
async function* stream(services: Services, request: FastifyRequest, chatId: string, after: number) {
  let sequence = after;
  let wake = new AbortController();
  const stop = services.feed.follow(chatId, () => wake.abort());
  try {
    yield ': connected\n\n';
    while (services.ready() && !request.raw.destroyed) {
      const events = await read(services, chatId, sequence, pageSize);
      if (!(await mayStillRead(services, request, chatId))) return;
      for (const event of events) {
        sequence = Number(event.sequence);
        yield `id: ${sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
      }
      if (events.length === pageSize) continue;
      const news = await wait(heartbeatEvery, false, { signal: wake.signal }).catch(() => true);
      wake = new AbortController();
      if (!news) yield ': here\n\n';
    }
  } finally {
    stop();
  }
}

async function mayStillRead(services: Services, request: FastifyRequest, chatId: string): Promise<boolean> {
  try {
    request.caller = await services.accounts.authenticate(credentialsOf(request));
    await requireMember(services, request, chatId);
    return true;
  } catch {
    return false;
  }
}
