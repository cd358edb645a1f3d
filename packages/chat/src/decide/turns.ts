import type { Chat, Turn } from '../chat.ts';
import type { NewChatEvent } from '../envelope.ts';
import { requireAbility, requireOpen } from '../permissions.ts';
import { Refusal } from '../refusals.ts';
import { advance, firstTurn, isEligible, turnPolicies, withDeadline } from '../turns.ts';
import type { Rule } from './context.ts';
import { requireJoined } from './participants.ts';

export const skipTurn: Rule<'turn.skip'> = (chat, _command, { actor, at }) => {
  requireAbility(chat, actor, chat.turn.holder === actor.id ? 'write' : 'steerTurns');
  const holder = requireTurn(chat);
  return [{ type: 'turn.skipped', data: { participantId: holder } }, turnChanged(advance(chat, at))];
};

export const grantTurn: Rule<'turn.grant'> = (chat, { participantId }, { actor, at }) => {
  requireAbility(chat, actor, 'steerTurns');
  requireOpen(chat);
  requireRotation(chat);
  if (!isEligible(requireJoined(chat, participantId))) throw new Refusal('turn.not_eligible');
  const spoken = chat.turn.spoken.filter((id) => id !== participantId);
  return [
    { type: 'turn.granted', data: { participantId } },
    turnChanged(withDeadline(chat, { ...chat.turn, spoken, holder: participantId }, at)),
  ];
};

export const resetTurn: Rule<'turn.reset'> = (chat, _command, { actor, at }) => {
  requireAbility(chat, actor, 'steerTurns');
  requireOpen(chat);
  requireRotation(chat);
  return [{ type: 'turn.reset', data: {} }, turnChanged(firstTurn(chat, at))];
};

export const expireTurn: Rule<'turn.expire'> = (chat, { participantId }, { actor, at }) => {
  if (actor.kind !== 'system') throw new Refusal('participant.not_allowed');
  const { holder, expiresAt } = chat.turn;
  const due = holder === participantId && expiresAt !== null && expiresAt <= at;
  // While an AI answers nobody can use the turn, so its time does not run out either.
  if (!due || chat.status === 'archived' || chat.aiReplies.length > 0) throw new Refusal('turn.not_expired');
  return [{ type: 'turn.expired', data: { participantId } }, turnChanged(advance(chat, at))];
};

export function turnChanged({ holder, round, spoken, expiresAt }: Turn): NewChatEvent {
  return { type: 'turn.changed', data: { holder, round, spoken, expiresAt } };
}

function requireRotation(chat: Chat): void {
  if (!turnPolicies[chat.turn.mode].rotates) throw new Refusal('turn.not_used');
}

function requireTurn(chat: Chat): string {
  requireOpen(chat);
  requireRotation(chat);
  if (chat.turn.holder === null) throw new Refusal('turn.not_eligible');
  return chat.turn.holder;
}
