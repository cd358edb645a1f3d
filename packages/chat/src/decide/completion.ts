import { requireAbility, requireOpen } from '../permissions.ts';
import { Refusal } from '../refusals.ts';
import type { Rule } from './context.ts';

export const markCompletion: Rule<'completion.mark'> = (chat, _command, { actor }) => {
  const { id: participantId, kind } = requireAbility(chat, actor, 'complete');
  requireOpen(chat);
  if (kind !== 'person') throw new Refusal('participant.not_a_person');
  if (chat.completion.marked.includes(participantId)) throw new Refusal('completion.already_marked');
  return [{ type: 'completion.marked', data: { participantId } }];
};

export const withdrawCompletion: Rule<'completion.withdraw'> = (chat, _command, { actor }) => {
  const { id: participantId } = requireAbility(chat, actor, 'complete');
  requireOpen(chat);
  if (!chat.completion.marked.includes(participantId)) throw new Refusal('completion.not_marked');
  return [{ type: 'completion.withdrawn', data: { participantId } }];
};
