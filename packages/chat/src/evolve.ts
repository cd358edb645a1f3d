import { type Chat, emptyChat, findParticipant, messageWindow, type Participant } from './chat.ts';
import type { ChatEvent } from './envelope.ts';
import { evolveMessages } from './messages.ts';
import { defaultSettings } from './settings.ts';

/** Raised when the meaning of folded state changes, so that old snapshots are folded anew. */
export const foldVersion = 1;

/** The only function that changes a chat's state; server, client, extensions and tests all fold with it. */
export function evolve(chat: Chat, event: ChatEvent): Chat {
  const next = apply(chat, event);
  return { ...next, sequence: event.sequence, updatedAt: event.time };
}

/** Folds events, in order, onto a state; onto an empty chat when none is given. */
export function fold(chatId: string, events: Iterable<ChatEvent>, from?: Chat): Chat {
  let chat = from ?? emptyChat(chatId, defaultSettings);
  for (const event of events) chat = evolve(chat, event);
  return chat;
}

function apply(chat: Chat, event: ChatEvent): Chat {
  switch (event.type) {
    case 'chat.created': {
      const { title, createdBy, settings } = event.data;
      const turn = { ...chat.turn, mode: settings.turnMode };
      return { ...chat, title, createdBy, createdAt: event.time, settings, turn };
    }
    case 'chat.updated':
      return { ...chat, title: event.data.title };
    case 'chat.archived':
      return { ...chat, status: 'archived' };
    case 'chat.restored':
      return { ...chat, status: 'open' };
    case 'chat.forked':
      return { ...chat, forkedFrom: { chatId: event.data.from, at: event.data.at } };

    case 'participant.invited': {
      const { inviteId: id, role, expiresAt, maxUses } = event.data;
      return { ...chat, invites: [...chat.invites, { id, role, expiresAt, maxUses, uses: 0 }] };
    }
    case 'participant.invite_revoked':
      return { ...chat, invites: chat.invites.filter((invite) => invite.id !== event.data.inviteId) };
    case 'participant.joined':
      return join(chat, event);
    case 'participant.updated': {
      const { participantId, name, ai } = event.data;
      return changeParticipant(chat, participantId, (old) => ({
        ...old,
        name: name ?? old.name,
        ...(ai === undefined ? {} : { ai }),
      }));
    }
    case 'participant.left':
      return changeParticipant(chat, event.data.participantId, (old) => ({ ...old, status: 'left' }));
    case 'participant.removed':
      return changeParticipant(chat, event.data.participantId, (old) => ({ ...old, status: 'removed' }));
    case 'participant.role_changed':
      return changeParticipant(chat, event.data.participantId, (old) => ({ ...old, role: event.data.role }));
    case 'participant.muted':
      return changeParticipant(chat, event.data.participantId, (old) => ({
        ...old,
        muted: event.data.muted,
      }));

    case 'message.sent':
      return send(chat, event);
    case 'message.edited':
    case 'message.deleted':
    case 'message.redacted':
    case 'reaction.added':
    case 'reaction.removed':
      return { ...chat, messages: evolveMessages(chat.messages, event) };
    case 'message.read': {
      const { participantId, sequence } = event.data;
      return { ...chat, readMarkers: { ...chat.readMarkers, [participantId]: sequence } };
    }

    case 'turn.changed':
      return { ...chat, turn: { mode: chat.turn.mode, ...event.data } };
    case 'turn.mode_changed': {
      const settings = { ...chat.settings, turnMode: event.data.mode };
      return { ...chat, settings, turn: { ...chat.turn, mode: event.data.mode } };
    }

    case 'ai_response.requested': {
      const { responseId, participantId, reason, triggeredBy, replaces } = event.data;
      const reply = {
        responseId,
        participantId,
        status: 'requested' as const,
        reason,
        requestedAt: event.sequence,
        ...(triggeredBy === undefined ? {} : { triggeredBy }),
        ...(replaces === undefined ? {} : { replaces }),
      };
      return { ...chat, aiReplies: [...chat.aiReplies, reply] };
    }
    case 'ai_response.started':
      return {
        ...chat,
        aiReplies: chat.aiReplies.map((reply) =>
          reply.responseId === event.data.responseId
            ? { ...reply, status: 'started', model: event.data.model }
            : reply,
        ),
      };
    case 'ai_response.completed':
    case 'ai_response.failed':
    case 'ai_response.stopped':
      return {
        ...chat,
        aiReplies: chat.aiReplies.filter((reply) => reply.responseId !== event.data.responseId),
        aiActivity: {
          ...chat.aiActivity,
          [event.data.participantId]: { lastReplyAt: event.time, messagesSince: 0 },
        },
      };

    case 'completion.marked': {
      const marked = [...chat.completion.marked, event.data.participantId];
      return { ...chat, completion: { ...chat.completion, marked } };
    }
    case 'completion.withdrawn': {
      const marked = chat.completion.marked.filter((id) => id !== event.data.participantId);
      return { ...chat, completion: { marked, reachedAt: null } };
    }
    case 'completion.reached':
      return { ...chat, completion: { ...chat.completion, reachedAt: event.time } };

    case 'settings.changed':
      return { ...chat, settings: { ...chat.settings, ...event.data.changes } };

    case 'extension.enabled': {
      const { extension: name, version } = event.data;
      const others = chat.extensions.filter((extension) => extension.name !== name);
      return { ...chat, extensions: [...others, { name, version }] };
    }
    case 'extension.disabled':
    case 'extension.quarantined':
      return {
        ...chat,
        extensions: chat.extensions.filter((extension) => extension.name !== event.data.extension),
      };

    // Facts that others react to and that leave the chat's own state as it is. An event of a type that this
    // version does not know arrives here too.
    default:
      return chat;
  }
}

function join(chat: Chat, event: ChatEvent<'participant.joined'>): Chat {
  const { participant, inviteId } = event.data;
  // Who comes back goes to the end of the joining order, like anyone who joins; mutes and limits are not shaken off.
  const before = findParticipant(chat, participant.id);
  const entry: Participant = {
    ...participant,
    status: 'joined',
    muted: before?.muted ?? false,
    joinedAt: event.sequence,
    recentSends: before?.recentSends ?? [],
  };
  const invites =
    inviteId === undefined
      ? chat.invites
      : chat.invites.map((invite) =>
          invite.id === inviteId ? { ...invite, uses: invite.uses + 1 } : invite,
        );
  const others = chat.participants.filter((old) => old.id !== participant.id);
  return {
    ...chat,
    invites,
    participants: [...others, entry],
    completion: before
      ? { ...chat.completion, marked: chat.completion.marked.filter((id) => id !== participant.id) }
      : chat.completion,
  };
}

function send(chat: Chat, event: ChatEvent<'message.sent'>): Chat {
  const { author } = event.data;
  const messages = evolveMessages(chat.messages, event);
  const kind = chat.participants.find((participant) => participant.id === author)?.kind;
  const next: Chat = {
    ...chat,
    messages: messages.length > messageWindow ? messages.slice(-messageWindow) : messages,
    messageCount: chat.messageCount + 1,
    aiHops: kind === 'ai' ? chat.aiHops + 1 : kind === 'person' ? 0 : chat.aiHops,
    // What you say, you have read.
    readMarkers: { ...chat.readMarkers, [author]: event.sequence },
  };
  if (kind !== 'person') return next;
  const limit = chat.settings.messagesPerMinute;
  return {
    ...changeParticipant(next, author, (old) => ({
      ...old,
      recentSends: [...old.recentSends, event.time].slice(-limit),
    })),
    aiActivity: countForAIs(next),
  };
}

function countForAIs(chat: Chat): Chat['aiActivity'] {
  let activity = chat.aiActivity;
  for (const { id, kind, status } of chat.participants) {
    if (kind !== 'ai' || status !== 'joined') continue;
    const own = activity[id] ?? { lastReplyAt: null, messagesSince: 0 };
    activity = { ...activity, [id]: { ...own, messagesSince: own.messagesSince + 1 } };
  }
  return activity;
}

function changeParticipant(chat: Chat, id: string, next: (old: Participant) => Participant): Chat {
  const index = chat.participants.findIndex((participant) => participant.id === id);
  const old = chat.participants[index];
  return old === undefined ? chat : { ...chat, participants: chat.participants.with(index, next(old)) };
}
