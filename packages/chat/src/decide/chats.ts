import { requireAbility, requireOpen } from '../permissions.ts';
import { Refusal } from '../refusals.ts';
import type { Rule } from './context.ts';

export const createChat: Rule<'chat.create'> = (chat, command, { actor }) => {
  if (chat.sequence > 0) throw new Refusal('chat.exists');
  const { title, settings, name, participants } = command;
  const host = { id: actor.id, kind: 'person' as const, name, role: 'host' as const };
  const ids = new Set([host.id, ...participants.map(({ id }) => id)]);
  if (ids.size !== participants.length + 1) throw new Refusal('participant.already_joined');
  return [
    { type: 'chat.created', data: { title, createdBy: actor.id, settings } },
    ...[host, ...participants].map((participant) => ({
      type: 'participant.joined' as const,
      data: { participant },
    })),
  ];
};

export const updateChat: Rule<'chat.update'> = (chat, { title }, { actor }) => {
  requireAbility(chat, actor, 'configure');
  requireOpen(chat);
  return title === chat.title ? [] : [{ type: 'chat.updated', data: { title } }];
};

export const archiveChat: Rule<'chat.archive'> = (chat, _command, { actor }) => {
  requireAbility(chat, actor, 'archive');
  requireOpen(chat);
  return [{ type: 'chat.archived', data: {} }];
};

export const restoreChat: Rule<'chat.restore'> = (chat, _command, { actor }) => {
  requireAbility(chat, actor, 'archive');
  if (chat.status !== 'archived') throw new Refusal('chat.not_archived');
  return [{ type: 'chat.restored', data: {} }];
};

export const changeSettings: Rule<'settings.change'> = (chat, { changes }, { actor }) => {
  requireAbility(chat, actor, 'configure');
  requireOpen(chat);
  const { turnMode, ...rest } = changes;
  const changed = Object.entries(rest).filter(
    ([key, value]) => value !== undefined && value !== chat.settings[key as keyof typeof chat.settings],
  );
  return [
    ...(turnMode === undefined || turnMode === chat.settings.turnMode
      ? []
      : [{ type: 'turn.mode_changed' as const, data: { mode: turnMode } }]),
    ...(changed.length === 0
      ? []
      : [{ type: 'settings.changed' as const, data: { changes: Object.fromEntries(changed) } }]),
  ];
};
