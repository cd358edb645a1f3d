import { type Chat, joined, type Participant } from '../chat.ts';
import { requireAbility, requireOpen } from '../permissions.ts';
import { Refusal } from '../refusals.ts';
import type { Rule } from './context.ts';

export const invite: Rule<'participant.invite'> = (chat, command, { actor }) => {
  requireAbility(chat, actor, command.role === 'guest' ? 'inviteGuests' : 'invite');
  requireOpen(chat);
  const { inviteId, role, expiresAt, maxUses } = command;
  if (chat.invites.some((known) => known.id === inviteId)) return [];
  return [{ type: 'participant.invited', data: { inviteId, role, expiresAt, maxUses } }];
};

export const revokeInvite: Rule<'participant.revoke_invite'> = (chat, { inviteId }, { actor }) => {
  requireAbility(chat, actor, 'inviteGuests');
  if (!chat.invites.some((known) => known.id === inviteId)) throw new Refusal('invite.not_found');
  return [{ type: 'participant.invite_revoked', data: { inviteId } }];
};

export const join: Rule<'participant.join'> = (chat, { inviteId, name }, { actor, at }) => {
  const known = chat.invites.find((candidate) => candidate.id === inviteId);
  const usable =
    known !== undefined &&
    Date.parse(known.expiresAt) > Date.parse(at) &&
    (known.maxUses === null || known.uses < known.maxUses);
  if (!usable) throw new Refusal('invite.not_found');
  requireOpen(chat);
  const before = chat.participants.find(({ id }) => id === actor.id);
  if (before?.status === 'joined') throw new Refusal('participant.already_joined');
  // Only a host brings back whom a host removed; a link does not.
  if (before?.status === 'removed') throw new Refusal('invite.not_found');
  const participant = { id: actor.id, kind: 'person' as const, name, role: known.role };
  return [{ type: 'participant.joined', data: { participant, inviteId } }];
};

export const add: Rule<'participant.add'> = (chat, { participant }, { actor }) => {
  requireAbility(chat, actor, 'invite');
  requireOpen(chat);
  if (joined(chat, participant.id)) throw new Refusal('participant.already_joined');
  return [{ type: 'participant.joined', data: { participant } }];
};

export const update: Rule<'participant.update'> = (chat, { participantId, name, ai }, { actor }) => {
  requireAbility(chat, actor, 'configure');
  requireOpen(chat);
  const participant = requireJoined(chat, participantId);
  if (participant.kind !== 'ai') throw new Refusal('participant.not_ai');
  if (name === undefined && ai === undefined) return [];
  return [
    {
      type: 'participant.updated',
      data: { participantId, ...(name === undefined ? {} : { name }), ...(ai === undefined ? {} : { ai }) },
    },
  ];
};

export const leave: Rule<'participant.leave'> = (chat, _command, { actor }) => {
  const participant = requireAbility(chat, actor, 'read');
  requireOtherHost(chat, participant);
  return [{ type: 'participant.left', data: { participantId: actor.id } }];
};

export const remove: Rule<'participant.remove'> = (chat, { participantId }, { actor }) => {
  requireAbility(chat, actor, 'moderate');
  const participant = requireJoined(chat, participantId);
  requireOtherHost(chat, participant);
  return [{ type: 'participant.removed', data: { participantId } }];
};

export const changeRole: Rule<'participant.change_role'> = (chat, { participantId, role }, { actor }) => {
  requireAbility(chat, actor, 'moderate');
  requireOpen(chat);
  const participant = requireJoined(chat, participantId);
  if (participant.kind !== 'person') throw new Refusal('participant.not_a_person');
  if (role === participant.role) return [];
  if (role !== 'host') requireOtherHost(chat, participant);
  return [{ type: 'participant.role_changed', data: { participantId, role } }];
};

export const mute: Rule<'participant.mute'> = (chat, { participantId, muted }, { actor }) => {
  requireAbility(chat, actor, 'moderate');
  requireOpen(chat);
  const participant = requireJoined(chat, participantId);
  return participant.muted === muted ? [] : [{ type: 'participant.muted', data: { participantId, muted } }];
};

/** @throws {Refusal} `participant.not_found` */
export function requireJoined(chat: Chat, id: string): Participant {
  const participant = joined(chat, id);
  if (participant === undefined) throw new Refusal('participant.not_found');
  return participant;
}

function requireOtherHost(chat: Chat, leaving: Participant): void {
  if (leaving.role !== 'host') return;
  const others = chat.participants.filter(
    (other) => other.id !== leaving.id && other.status === 'joined' && other.kind === 'person',
  );
  // The last one out may go: an empty chat needs no host.
  if (others.length > 0 && !others.some((other) => other.role === 'host')) {
    throw new Refusal('participant.last_host');
  }
}
