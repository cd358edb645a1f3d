import type { AIReply, Chat } from '../chat.ts';
import type { Actor } from '../envelope.ts';
import { requireAbility, requireOpen } from '../permissions.ts';
import { Refusal } from '../refusals.ts';
import { canAnswer } from '../replies.ts';
import { type Rule, requireMessage } from './context.ts';
import { requireJoined } from './participants.ts';

export const requestResponse: Rule<'ai_response.request'> = (chat, command, { actor }) => {
  requireAbility(chat, actor, 'askAI');
  requireOpen(chat);
  const { responseId, participantId } = command;
  requireAnswerable(chat, participantId, responseId);
  const triggeredBy = chat.messages.findLast((message) => message.deletedAt === undefined)?.id;
  return [
    {
      type: 'ai_response.requested',
      data: {
        responseId,
        participantId,
        reason: 'asked',
        ...(triggeredBy === undefined ? {} : { triggeredBy }),
      },
    },
  ];
};

export const regenerateResponse: Rule<'ai_response.regenerate'> = (chat, command, context) => {
  requireAbility(chat, context.actor, 'askAI');
  requireOpen(chat);
  const { responseId, messageId } = command;
  const message = requireMessage(chat, messageId, context);
  if (message.response === undefined) throw new Refusal('ai_response.not_found');
  const participantId = message.author;
  requireAnswerable(chat, participantId, responseId);
  return [
    {
      type: 'ai_response.requested',
      data: { responseId, participantId, reason: 'regenerate', replaces: messageId },
    },
  ];
};

export const startResponse: Rule<'ai_response.start'> = (chat, { responseId, model }, { actor }) => {
  const reply = requireOwnReply(chat, responseId, actor);
  if (reply.status === 'started') throw new Refusal('ai_response.in_progress');
  requireOpen(chat);
  return [{ type: 'ai_response.started', data: { responseId, participantId: reply.participantId, model } }];
};

export const failResponse: Rule<'ai_response.fail'> = (chat, command, { actor }) => {
  const { responseId, code, message, retryable } = command;
  const { participantId, triggeredBy } = requireOwnReply(chat, responseId, actor);
  return [
    {
      type: 'ai_response.failed',
      data: {
        responseId,
        participantId,
        code,
        message,
        retryable,
        ...(triggeredBy === undefined ? {} : { triggeredBy }),
      },
    },
  ];
};

export const stopResponse: Rule<'ai_response.stop'> = (chat, { responseId }, { actor }) => {
  if (actor.kind !== 'system') requireAbility(chat, actor, 'stopAI');
  const { participantId } = requireReply(chat, responseId);
  return [{ type: 'ai_response.stopped', data: { responseId, participantId, by: actor.id } }];
};

function requireReply(chat: Chat, responseId: string): AIReply {
  const reply = chat.aiReplies.find((candidate) => candidate.responseId === responseId);
  if (reply === undefined) throw new Refusal('ai_response.not_found');
  return reply;
}

function requireOwnReply(chat: Chat, responseId: string, actor: Actor): AIReply {
  const reply = requireReply(chat, responseId);
  const own = actor.kind === 'ai' && actor.id === reply.participantId;
  if (!own && actor.kind !== 'system') throw new Refusal('participant.not_allowed');
  return reply;
}

function requireAnswerable(chat: Chat, participantId: string, responseId: string): void {
  const ai = requireJoined(chat, participantId);
  if (ai.kind !== 'ai') throw new Refusal('participant.not_ai');
  if (ai.muted) {
    throw new Refusal('participant.muted', {
      sentence: 'This AI participant is muted: a host can lift that.',
    });
  }
  if (!canAnswer(chat, ai)) throw new Refusal('participant.observer');
  const busy = chat.aiReplies.some(
    (reply) => reply.participantId === participantId || reply.responseId === responseId,
  );
  if (busy) throw new Refusal('ai_response.in_progress');
}
