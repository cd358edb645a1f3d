import { Refusal } from '@parley/chat';
import * as api from '@parley/chat/api';
import { settings as settingsSchema } from '@parley/chat/fields';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { v7 as uuidv7 } from 'uuid';
import { mayCreateChats } from '../accounts/caller.ts';
import { callerOf } from './access.ts';
import { aiParticipants } from './ai-participants.ts';
import { commandResponseOf, execute, giveCommand } from './give-command.ts';
import { chatParams } from './params.ts';
import type { Services } from './services.ts';

const tags = ['chats'];

/** Chats: make, list, rename, change how they work, archive, restore. */
export function chatRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    const { sessions, views } = services;

    app.post(
      '/v1/chats',
      {
        schema: {
          tags,
          summary: 'Open a chat',
          body: api.createChatBody,
          response: { 201: api.commandResponse },
        },
      },
      async (request, reply) => {
        const caller = callerOf(request);
        if (!mayCreateChats(caller)) throw new Refusal('auth.forbidden');
        const { id = uuidv7(), title, settings, ai } = request.body;
        const command = {
          type: 'chat.create' as const,
          title,
          name: caller.name,
          settings: settingsSchema.parse(settings ?? {}),
          participants: aiParticipants(ai, [], services.models),
        };
        try {
          const executed = await execute(services, request, id, command);
          return reply.code(201).send(commandResponseOf(id, executed));
        } catch (error) {
          if (!Refusal.is(error) || error.code !== 'chat.exists') throw error;
          // A retry of the same person's is the same chat.
          const chat = await sessions.load(id);
          if (chat.createdBy !== caller.id) throw error;
          return reply.code(201).send({ chatId: id, sequence: chat.sequence, position: 0 });
        }
      },
    );

    app.get(
      '/v1/chats',
      {
        schema: {
          tags,
          summary: 'List your chats, with unread counts',
          querystring: api.listChatsQuery,
          response: { 200: api.chatListResponse },
        },
      },
      async (request) => {
        const { archived, limit } = request.query;
        await views.contains();
        return { chats: views.listChats(callerOf(request).id, { archived: archived === 'true', limit }) };
      },
    );

    app.get(
      '/v1/chats/:chatId',
      {
        schema: {
          tags,
          summary: 'Get one chat as it stands in the list',
          params: chatParams,
          response: { 200: api.chatListItem },
        },
      },
      async (request) => {
        await views.contains();
        const item = views.findChat(callerOf(request).id, request.params.chatId);
        if (item === undefined) throw new Refusal('chat.not_found');
        return item;
      },
    );

    const answer = { 200: api.commandResponse };
    app.patch(
      '/v1/chats/:chatId',
      {
        schema: {
          tags,
          summary: 'Rename a chat',
          params: chatParams,
          body: api.updateChatBody,
          response: answer,
        },
      },
      (request) =>
        giveCommand(services, request, request.params.chatId, {
          type: 'chat.update',
          title: request.body.title,
        }),
    );
    app.post(
      '/v1/chats/:chatId/archive',
      { schema: { tags, summary: 'Close a chat for writing', params: chatParams, response: answer } },
      (request) => giveCommand(services, request, request.params.chatId, { type: 'chat.archive' }),
    );
    app.post(
      '/v1/chats/:chatId/restore',
      { schema: { tags, summary: 'Open an archived chat again', params: chatParams, response: answer } },
      (request) => giveCommand(services, request, request.params.chatId, { type: 'chat.restore' }),
    );
    app.patch(
      '/v1/chats/:chatId/settings',
      {
        schema: {
          tags,
          summary: 'Change how a chat works',
          params: chatParams,
          body: api.settingsBody,
          response: answer,
        },
      },
      (request) =>
        giveCommand(services, request, request.params.chatId, {
          type: 'settings.change',
          changes: request.body,
        }),
    );
  };
}
