import type { NewChatEvent } from '../envelope.ts';
import type { ResponseOutcome } from '../fields.ts';
import { requireAbility, requireMaySend, requireOpen, roleMay } from '../permissions.ts';
import { Refusal } from '../refusals.ts';
import { type Rule, requireMessage } from './context.ts';

export const sendMessage: Rule<'message.send'> = (chat, command, context) => {
  const { actor, at } = context;
  const author = requireMaySend(chat, actor, at);
  const { messageId, text, replyTo } = command;
  if (text.trim() === '') throw new Refusal('message.empty');
  if (chat.messages.some((message) => message.id === messageId)) throw new Refusal('message.id_taken');
  if (replyTo !== undefined) requireMessage(chat, replyTo, context);

  const data = { messageId, author: author.id, text, ...(replyTo === undefined ? {} : { replyTo }) };
  // A person who claims to be a model's reply is not taken at their word.
  if (author.kind !== 'ai' || command.response === undefined) {
    return [{ type: 'message.sent', subject: messageId, data }];
  }
  const { response, replaces } = command;
  return [
    {
      type: 'message.sent',
      subject: messageId,
      data: { ...data, response, ...(replaces === undefined ? {} : { replaces }) },
    },
    ...endOfReply(
      chat.aiReplies.some(
        (reply) => reply.responseId === response.responseId && reply.participantId === author.id,
      ),
      author.id,
      messageId,
      response,
    ),
  ];
};

export const editMessage: Rule<'message.edit'> = (chat, { messageId, text }, context) => {
  requireAbility(chat, context.actor, 'write');
  requireOpen(chat);
  const message = requireMessage(chat, messageId, context);
  if (message.author !== context.actor.id) throw new Refusal('message.not_yours');
  const author = chat.participants.find(({ id }) => id === context.actor.id);
  if (author?.muted) throw new Refusal('participant.muted');
  if (text.trim() === '') throw new Refusal('message.empty');
  if (text === message.text) return [];
  return [{ type: 'message.edited', subject: messageId, data: { messageId, text } }];
};

export const deleteMessage: Rule<'message.delete'> = (chat, { messageId }, context) => {
  const participant = requireAbility(chat, context.actor, 'write');
  requireOpen(chat);
  const message = requireMessage(chat, messageId, context);
  if (message.author !== participant.id && !roleMay(participant.role, 'moderate')) {
    throw new Refusal('message.not_yours');
  }
  return [{ type: 'message.deleted', subject: messageId, data: { messageId } }];
};

export const readMessages: Rule<'message.read'> = (chat, { sequence }, { actor }) => {
  requireAbility(chat, actor, 'read');
  if (sequence > chat.sequence) throw new Refusal('message.ahead');
  if (sequence <= (chat.readMarkers[actor.id] ?? 0)) return [];
  return [{ type: 'message.read', data: { participantId: actor.id, sequence } }];
};

export const addReaction: Rule<'reaction.add'> = (chat, { messageId, emoji }, context) => {
  const { id: participantId, muted } = requireAbility(chat, context.actor, 'react');
  requireOpen(chat);
  if (muted) throw new Refusal('participant.muted');
  const message = requireMessage(chat, messageId, context);
  if (hasReacted(message.reactions, emoji, participantId)) return [];
  return [{ type: 'reaction.added', subject: messageId, data: { messageId, emoji, participantId } }];
};

export const removeReaction: Rule<'reaction.remove'> = (chat, { messageId, emoji }, context) => {
  const { id: participantId } = requireAbility(chat, context.actor, 'react');
  requireOpen(chat);
  const message = requireMessage(chat, messageId, context);
  if (!hasReacted(message.reactions, emoji, participantId)) return [];
  return [{ type: 'reaction.removed', subject: messageId, data: { messageId, emoji, participantId } }];
};

function hasReacted(reactions: { emoji: string; by: string[] }[], emoji: string, id: string): boolean {
  return reactions.some((reaction) => reaction.emoji === emoji && reaction.by.includes(id));
}

function endOfReply(
  inProgress: boolean,
  participantId: string,
  messageId: string,
  response: ResponseOutcome,
): NewChatEvent[] {
  const { responseId, status, model, usage } = response;
  // A stopped reply ended when it was stopped; its words arrive afterwards.
  if (!inProgress || status === 'stopped') return [];
  if (status === 'completed') {
    return [
      {
        type: 'ai_response.completed',
        data: {
          responseId,
          participantId,
          messageId,
          ...(model === undefined ? {} : { model }),
          ...(usage === undefined ? {} : { usage }),
        },
      },
    ];
  }
  const { code = 'ai.broken_stream', message = 'The answer broke off.', retryable = true } = response;
  return [
    { type: 'ai_response.failed', data: { responseId, participantId, code, message, retryable, messageId } },
  ];
}
