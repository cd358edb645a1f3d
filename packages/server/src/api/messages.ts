import { requireAbility } from '@parley/chat';
import * as api from '@parley/chat/api';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { actorOf } from '../accounts/caller.ts';
import { callerOf, requireMember } from './access.ts';
import { commandResponseOf, execute, giveCommand } from './give-command.ts';
import { chatParams, messageParams, reactionParams } from './params.ts';
import type { Services } from './services.ts';

const tags = ['messages'];
const answer = { 200: api.commandResponse };

/** Messages: send, change, take back, page back; reactions, read markers, typing. */
export function messageRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/chats/:chatId/messages',
      {
        schema: {
          tags,
          summary: 'Send a message',
          description:
            'The id is yours to make: sending the same message again answers 200 with its first place, and ' +
            'nothing is doubled. What is answered 201 is durable.',
          params: chatParams,
          body: api.sendMessageBody,
          response: { 200: api.sentResponse, 201: api.sentResponse },
        },
      },
      async (request, reply) => {
        const { chatId } = request.params;
        const { id: messageId, text, replyTo } = request.body;
        const executed = await execute(services, request, chatId, {
          type: 'message.send',
          messageId,
          text,
          ...(replyTo === undefined ? {} : { replyTo }),
        });
        // The message itself; what it set off stands behind it.
        const sent = executed.events[0];
        const at = sent?.time ?? '';
        const place = { sequence: sent?.sequence ?? 0, position: sent?.position ?? 0 };
        return reply.code(executed.repeated ? 200 : 201).send({ chatId, ...place, messageId, at });
      },
    );

    app.get(
      '/v1/chats/:chatId/messages',
      {
        schema: {
          tags,
          summary: 'Page back through the messages, oldest first within a page',
          params: chatParams,
          querystring: api.messagesQuery,
        },
      },
      async (request) => {
        const { chatId } = request.params;
        const { chat } = await requireMember(services, request, chatId);
        const { before = chat.sequence + 1, limit } = request.query;
        const messages = await services.sessions.messagesBefore(chatId, before, limit + 1);
        const hasMore = messages.length > limit;
        return { messages: hasMore ? messages.slice(-limit) : messages, hasMore };
      },
    );

    app.patch(
      '/v1/chats/:chatId/messages/:messageId',
      {
        schema: {
          tags,
          summary: 'Change what you said',
          params: messageParams,
          body: api.editMessageBody,
          response: answer,
        },
      },
      (request) => {
        const { chatId, messageId } = request.params;
        const { text } = request.body;
        return giveCommand(services, request, chatId, { type: 'message.edit', messageId, text });
      },
    );

    app.delete(
      '/v1/chats/:chatId/messages/:messageId',
      { schema: { tags, summary: 'Take a message back', params: messageParams, response: answer } },
      (request) => {
        const { chatId, messageId } = request.params;
        return giveCommand(services, request, chatId, { type: 'message.delete', messageId });
      },
    );

    app.post(
      '/v1/chats/:chatId/messages/:messageId/regenerate',
      {
        schema: {
          tags,
          summary: 'Ask an AI participant for another answer in place of this one',
          params: messageParams,
          response: { 202: api.commandResponse.extend({ responseId: z.string() }) },
        },
      },
      async (request, reply) => {
        const { chatId, messageId } = request.params;
        const responseId = `${uuidv7()}.again`;
        const executed = await execute(services, request, chatId, {
          type: 'ai_response.regenerate',
          responseId,
          messageId,
        });
        return reply.code(202).send({ ...commandResponseOf(chatId, executed), responseId });
      },
    );

    app.put(
      '/v1/chats/:chatId/messages/:messageId/reactions/:emoji',
      { schema: { tags, summary: 'Put a reaction on a message', params: reactionParams, response: answer } },
      (request) => {
        const { chatId, ...reaction } = request.params;
        return giveCommand(services, request, chatId, { type: 'reaction.add', ...reaction });
      },
    );
    app.delete(
      '/v1/chats/:chatId/messages/:messageId/reactions/:emoji',
      { schema: { tags, summary: 'Take your reaction off', params: reactionParams, response: answer } },
      (request) => {
        const { chatId, ...reaction } = request.params;
        return giveCommand(services, request, chatId, { type: 'reaction.remove', ...reaction });
      },
    );

    app.post(
      '/v1/chats/:chatId/read',
      {
        schema: {
          tags,
          summary: 'Say how far you have read',
          params: chatParams,
          body: api.readBody,
          response: answer,
        },
      },
      (request) =>
        giveCommand(services, request, request.params.chatId, {
          type: 'message.read',
          sequence: request.body.sequence,
        }),
    );

    app.post(
      '/v1/chats/:chatId/typing',
      {
        schema: {
          tags,
          summary: 'Say that you are writing, or no longer',
          params: chatParams,
          body: api.typingBody,
        },
      },
      async (request, reply) => {
        const { chatId } = request.params;
        const chat = await services.sessions.load(chatId);
        const { id } = requireAbility(chat, actorOf(callerOf(request)), 'write');
        services.realtime.typing(chatId, id, request.body.typing);
        return reply.code(204).send();
      },
    );
  };
}
