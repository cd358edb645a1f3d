import * as api from '@parley/chat/api';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { giveCommand } from './give-command.ts';
import { chatParams } from './params.ts';
import type { Services } from './services.ts';

const tags = ['turns'];
const answer = { 200: api.commandResponse };

/** Turns, and the marks that a conversation is done. */
export function turnRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/chats/:chatId/turn/skip',
      { schema: { tags, summary: 'Pass over the present turn', params: chatParams, response: answer } },
      (request) => giveCommand(services, request, request.params.chatId, { type: 'turn.skip' }),
    );
    app.post(
      '/v1/chats/:chatId/turn/grant',
      {
        schema: {
          tags,
          summary: 'Give the turn to a person',
          params: chatParams,
          body: api.grantTurnBody,
          response: answer,
        },
      },
      (request) =>
        giveCommand(services, request, request.params.chatId, { type: 'turn.grant', ...request.body }),
    );
    app.post(
      '/v1/chats/:chatId/turn/reset',
      { schema: { tags, summary: 'Start the order again', params: chatParams, response: answer } },
      (request) => giveCommand(services, request, request.params.chatId, { type: 'turn.reset' }),
    );
    app.put(
      '/v1/chats/:chatId/completion',
      { schema: { tags, summary: 'Mark the conversation as done', params: chatParams, response: answer } },
      (request) => giveCommand(services, request, request.params.chatId, { type: 'completion.mark' }),
    );
    app.delete(
      '/v1/chats/:chatId/completion',
      { schema: { tags, summary: 'Withdraw that mark', params: chatParams, response: answer } },
      (request) => giveCommand(services, request, request.params.chatId, { type: 'completion.withdraw' }),
    );
  };
}
