import type { Chat } from './chat.ts';
import type { ChatCommand, CommandType } from './commands.ts';
import {
  failResponse,
  regenerateResponse,
  requestResponse,
  startResponse,
  stopResponse,
} from './decide/ai-responses.ts';
import { archiveChat, changeSettings, createChat, restoreChat, updateChat } from './decide/chats.ts';
import { markCompletion, withdrawCompletion } from './decide/completion.ts';
import { withConsequences } from './decide/consequences.ts';
import type { DecisionContext, Rule } from './decide/context.ts';
import {
  addReaction,
  deleteMessage,
  editMessage,
  readMessages,
  removeReaction,
  sendMessage,
} from './decide/messages.ts';
import * as participants from './decide/participants.ts';
import { expireTurn, grantTurn, resetTurn, skipTurn } from './decide/turns.ts';
import type { NewChatEvent } from './envelope.ts';
import { Refusal } from './refusals.ts';

const rules: { [T in CommandType]: Rule<T> } = {
  'chat.create': createChat,
  'chat.update': updateChat,
  'chat.archive': archiveChat,
  'chat.restore': restoreChat,
  'participant.invite': participants.invite,
  'participant.revoke_invite': participants.revokeInvite,
  'participant.join': participants.join,
  'participant.add': participants.add,
  'participant.update': participants.update,
  'participant.leave': participants.leave,
  'participant.remove': participants.remove,
  'participant.change_role': participants.changeRole,
  'participant.mute': participants.mute,
  'message.send': sendMessage,
  'message.edit': editMessage,
  'message.delete': deleteMessage,
  'message.read': readMessages,
  'reaction.add': addReaction,
  'reaction.remove': removeReaction,
  'turn.skip': skipTurn,
  'turn.grant': grantTurn,
  'turn.reset': resetTurn,
  'turn.expire': expireTurn,
  'ai_response.request': requestResponse,
  'ai_response.regenerate': regenerateResponse,
  'ai_response.start': startResponse,
  'ai_response.fail': failResponse,
  'ai_response.stop': stopResponse,
  'completion.mark': markCompletion,
  'completion.withdraw': withdrawCompletion,
  'settings.change': changeSettings,
};

/**
 * The only function that makes facts: what happens when this command meets this state.
 *
 * @returns the events, in order, ready to be stored together; none when the command changes nothing.
 * @throws {Refusal} when the rules say no. Nothing has happened then.
 */
export function decide(chat: Chat, command: ChatCommand, context: DecisionContext): NewChatEvent[] {
  if (chat.sequence === 0 && command.type !== 'chat.create') throw new Refusal('chat.not_found');
  const rule = rules[command.type] as Rule<CommandType>;
  return withConsequences(chat, rule(chat, command, context), context);
}
