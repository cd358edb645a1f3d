import type { AIReply, Chat, Message, ParticipantKind, Role, TurnMode } from '@parley/chat';

/** What an AI participant knows when it answers. */
export interface ReplyContext {
  chatId: string;
  chatTitle: string;
  turnMode: TurnMode;
  self: { id: string; name: string; instructions?: string | undefined };
  /** Who is in the chat now, itself included. */
  participants: { id: string; name: string; kind: ParticipantKind; role: Role }[];
  /** Oldest first. */
  messages: ContextMessage[];
  /** Why it answers. */
  reason: string;
  /** The message that it answers. */
  triggeredBy?: string | undefined;
  /** The same for the same reply; another one for another try. */
  seed: string;
}

export interface ContextMessage {
  id: string;
  author: string;
  authorName: string;
  authorKind: ParticipantKind;
  text: string;
  at: string;
  replyTo?: string | undefined;
}

/**
 * What one reply is to be written from. Deleted messages and answers that were replaced are not in it; for a
 * regeneration, neither is the answer in question nor anything after it.
 *
 * @param earlier the conversation before the answer that is to be replaced, where the state no longer holds it
 */
export function buildReplyContext(
  chat: Chat,
  reply: Pick<AIReply, 'responseId' | 'participantId' | 'reason' | 'triggeredBy' | 'replaces'>,
  earlier?: readonly Message[],
): ReplyContext {
  const known = new Map(chat.participants.map((participant) => [participant.id, participant]));
  const self = known.get(reply.participantId);
  const messages = (earlier ?? upTo(chat.messages, reply.replaces))
    .filter(({ deletedAt, replacedBy, text }) => !deletedAt && !replacedBy && text.trim() !== '')
    .map((message) => ({
      id: message.id,
      author: message.author,
      authorName: known.get(message.author)?.name ?? message.author,
      authorKind: known.get(message.author)?.kind ?? ('person' as const),
      text: message.text,
      at: message.at,
      ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
    }));
  return {
    chatId: chat.id,
    chatTitle: chat.title,
    turnMode: chat.turn.mode,
    self: {
      id: reply.participantId,
      name: self?.name ?? reply.participantId,
      instructions: self?.ai?.instructions,
    },
    participants: chat.participants
      .filter(({ status }) => status === 'joined')
      .map(({ id, name, kind, role }) => ({ id, name, kind, role })),
    messages,
    reason: reply.reason,
    ...(reply.triggeredBy === undefined ? {} : { triggeredBy: reply.triggeredBy }),
    seed: reply.responseId,
  };
}

function upTo(messages: readonly Message[], replaces: string | undefined): readonly Message[] {
  const index = messages.findIndex(({ id }) => id === replaces);
  return index < 0 ? messages : messages.slice(0, index);
}
