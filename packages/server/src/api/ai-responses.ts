import * as api from '@parley/chat/api';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { commandResponseOf, execute, giveCommand } from './give-command.ts';
import { chatParams, responseParams } from './params.ts';
import type { Services } from './services.ts';

const tags = ['ai'];

/** AI replies and models: ask for a reply, stop one, see which models there are. */
export function aiResponseRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/v1/models',
      { schema: { tags, summary: 'List the AI models', response: { 200: api.modelsResponse } } },
      async () => ({ default: services.models.default, models: services.models.list() }),
    );

    app.post(
      '/v1/chats/:chatId/ai-responses',
      {
        schema: {
          tags,
          summary: 'Ask an AI participant to answer now',
          params: chatParams,
          body: api.requestResponseBody,
          response: { 202: api.commandResponse.extend({ responseId: z.string() }) },
        },
      },
      async (request, reply) => {
        const { chatId } = request.params;
        const { participantId } = request.body;
        const responseId = `${uuidv7()}.${participantId}`;
        const executed = await execute(services, request, chatId, {
          type: 'ai_response.request',
          responseId,
          participantId,
        });
        return reply.code(202).send({ ...commandResponseOf(chatId, executed), responseId });
      },
    );

    app.post(
      '/v1/chats/:chatId/ai-responses/:responseId/stop',
      {
        schema: {
          tags,
          summary: 'Stop a reply that is being written',
          params: responseParams,
          response: { 200: api.commandResponse },
        },
      },
      (request) => {
        const { chatId, responseId } = request.params;
        return giveCommand(services, request, chatId, { type: 'ai_response.stop', responseId });
      },
    );
  };
}
