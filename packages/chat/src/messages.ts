import type { Message } from './chat.ts';
import type { ChatEvent } from './envelope.ts';

/**
 * Brings a list of messages, oldest first, forward by one event. Events about messages that are not in the
 * list change nothing. The chat's state uses it for its window, clients for everything they have loaded.
 */
export function evolveMessages(messages: Message[], event: ChatEvent): Message[] {
  switch (event.type) {
    case 'message.sent': {
      const { messageId, author, text, replyTo, response, replaces } = event.data;
      const message: Message = {
        id: messageId,
        author,
        text,
        sequence: event.sequence,
        at: event.time,
        reactions: [],
        ...(replyTo === undefined ? {} : { replyTo }),
        ...(response === undefined ? {} : { response }),
        ...(replaces === undefined ? {} : { replaces }),
      };
      const before =
        replaces === undefined
          ? messages
          : change(messages, replaces, (old) => ({ ...old, replacedBy: messageId }));
      return [...before, message];
    }
    case 'message.edited':
      return change(messages, event.data.messageId, (message) => ({
        ...message,
        text: event.data.text,
        editedAt: event.time,
      }));
    case 'message.deleted':
    case 'message.redacted':
      return change(messages, event.data.messageId, (message) => ({
        ...message,
        text: '',
        reactions: [],
        deletedAt: event.time,
      }));
    case 'reaction.added':
      return change(messages, event.data.messageId, (message) => ({
        ...message,
        reactions: withReaction(message.reactions, event.data.emoji, event.data.participantId),
      }));
    case 'reaction.removed':
      return change(messages, event.data.messageId, (message) => ({
        ...message,
        reactions: withoutReaction(message.reactions, event.data.emoji, event.data.participantId),
      }));
    default:
      return messages;
  }
}

/** The types of event that `evolveMessages` listens to, besides `message.sent` itself. */
export const messageChanges = [
  'message.edited',
  'message.deleted',
  'message.redacted',
  'reaction.added',
  'reaction.removed',
] as const;

function change(messages: Message[], id: string, next: (message: Message) => Message): Message[] {
  const index = messages.findLastIndex((message) => message.id === id);
  const message = messages[index];
  return message === undefined ? messages : messages.with(index, next(message));
}

function withReaction(reactions: Message['reactions'], emoji: string, by: string): Message['reactions'] {
  const index = reactions.findIndex((reaction) => reaction.emoji === emoji);
  const reaction = reactions[index];
  if (reaction === undefined) return [...reactions, { emoji, by: [by] }];
  return reaction.by.includes(by) ? reactions : reactions.with(index, { emoji, by: [...reaction.by, by] });
}

function withoutReaction(reactions: Message['reactions'], emoji: string, by: string): Message['reactions'] {
  return reactions
    .map((reaction) =>
      reaction.emoji === emoji ? { emoji, by: reaction.by.filter((id) => id !== by) } : reaction,
    )
    .filter((reaction) => reaction.by.length > 0);
}
