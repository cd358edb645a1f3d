import type { Chat, Message } from '../chat.ts';
import type { ChatCommand, CommandType } from '../commands.ts';
import type { Actor, NewChatEvent } from '../envelope.ts';
import { Refusal } from '../refusals.ts';

/** What `decide` is told besides the state and the command. It reads no clock and makes no ids. */
export interface DecisionContext {
  actor: Actor;
  /** Now, ISO 8601 in UTC. */
  at: string;
  /** Messages that the command names (see `referencedMessages`) and that are older than the state's window. */
  older?: readonly Message[];
}

/** The rule of one command: the facts that follow from it directly, or a Refusal. */
export type Rule<T extends CommandType> = (
  chat: Chat,
  command: ChatCommand<T>,
  context: DecisionContext,
) => NewChatEvent[];

/** The messages that a command is about, so that its caller can load those that the state no longer holds. */
export function referencedMessages(command: ChatCommand): string[] {
  switch (command.type) {
    case 'message.send':
      return command.replyTo === undefined ? [] : [command.replyTo];
    case 'message.edit':
    case 'message.delete':
    case 'reaction.add':
    case 'reaction.remove':
    case 'ai_response.regenerate':
      return [command.messageId];
    default:
      return [];
  }
}

/** @throws {Refusal} `message.not_found`, or `message.deleted` */
export function requireMessage(chat: Chat, id: string, context: DecisionContext): Message {
  const known = (message: Message) => message.id === id;
  const message = chat.messages.find(known) ?? context.older?.find(known);
  if (message === undefined) throw new Refusal('message.not_found');
  if (message.deletedAt !== undefined) throw new Refusal('message.deleted');
  return message;
}
