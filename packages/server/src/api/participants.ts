import { type ChatCommand, Refusal } from '@parley/chat';
import * as api from '@parley/chat/api';
import { aiSettings } from '@parley/chat/fields';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireMember } from './access.ts';
import { aiParticipants } from './ai-participants.ts';
import { commandResponseOf, execute, giveCommand } from './give-command.ts';
import { chatParams, participantParams } from './params.ts';
import type { Services } from './services.ts';

const tags = ['participants'];
const answer = { 200: api.commandResponse };

/** Who is in a chat: add, change, remove people and AI participants; leave. */
export function participantRoutes(services: Services): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/v1/chats/:chatId/participants',
      {
        schema: {
          tags,
          summary: 'Bring in somebody who is known here',
          params: chatParams,
          body: api.addParticipantBody,
          response: { 201: api.commandResponse },
        },
      },
      async (request, reply) => {
        const { chatId } = request.params;
        // Only who may bring people in learns who is known here.
        const { participant: caller } = await requireMember(services, request, chatId);
        if (caller.role !== 'host') throw new Refusal('participant.not_allowed');
        const user = await services.accounts.findUser(request.body.userId);
        if (user === undefined) throw new Refusal('participant.not_found');
        const { id, name } = user;
        const participant = { id, name, kind: 'person' as const, role: request.body.role };
        const command = { type: 'participant.add' as const, participant };
        return reply.code(201).send(await giveCommand(services, request, chatId, command));
      },
    );

    app.post(
      '/v1/chats/:chatId/ai-participants',
      {
        schema: {
          tags,
          summary: 'Bring in an AI participant',
          params: chatParams,
          body: api.addAIBody,
          response: { 201: api.commandResponse.extend({ participantId: z.string() }) },
        },
      },
      async (request, reply) => {
        const { chatId } = request.params;
        const { chat } = await requireMember(services, request, chatId);
        const [participant] = aiParticipants([request.body], chat.participants, services.models);
        if (participant === undefined) throw new Refusal('participant.not_found');
        const executed = await execute(services, request, chatId, { type: 'participant.add', participant });
        return reply
          .code(201)
          .send({ ...commandResponseOf(chatId, executed), participantId: participant.id });
      },
    );

    app.patch(
      '/v1/chats/:chatId/participants/:participantId',
      {
        schema: {
          tags,
          summary: "Change somebody's role, mute them, or change an AI participant; one thing at a time",
          params: participantParams,
          body: api.updateParticipantBody,
          response: answer,
        },
      },
      (request) => {
        const { chatId, participantId } = request.params;
        return giveCommand(services, request, chatId, changeOf(participantId, request.body));
      },
    );

    app.delete(
      '/v1/chats/:chatId/participants/:participantId',
      { schema: { tags, summary: 'Remove somebody', params: participantParams, response: answer } },
      (request) => {
        const { chatId, participantId } = request.params;
        return giveCommand(services, request, chatId, { type: 'participant.remove', participantId });
      },
    );

    app.post(
      '/v1/chats/:chatId/leave',
      { schema: { tags, summary: 'Leave the chat', params: chatParams, response: answer } },
      (request) => giveCommand(services, request, request.params.chatId, { type: 'participant.leave' }),
    );
  };
}

/** One command for one change: two of them could succeed by halves. */
function changeOf(participantId: string, body: z.infer<typeof api.updateParticipantBody>): ChatCommand {
  const { role, muted, name, ai } = body;
  const kinds = [role, muted, name ?? ai].filter((value) => value !== undefined);
  if (kinds.length !== 1) {
    const sentence = 'Change one thing at a time: `role`, `muted`, or `name` and `ai` of an AI participant.';
    throw new Refusal('request.invalid', { sentence });
  }
  if (role !== undefined) return { type: 'participant.change_role', participantId, role };
  if (muted !== undefined) return { type: 'participant.mute', participantId, muted };
  return {
    type: 'participant.update',
    participantId,
    ...(name === undefined ? {} : { name }),
    ...(ai === undefined ? {} : { ai: aiSettings.parse(ai) }),
  };
}
