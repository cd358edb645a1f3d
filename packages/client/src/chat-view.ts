import type { AIReply, Chat, Message } from '@parley/chat';
import type { ChatState } from '@parley/chat/api';
import type { OutgoingMessage } from './outbox.ts';
import { isLive, type Sync } from './sync.ts';

/**
 * How a session follows its chat. `live`: everything arrives as it happens. `catching_up`: what was missed is
 * being fetched. `forbidden`: signed out, or not in the chat any more; that is the end of the session.
 */
export type SessionConnection = 'connecting' | 'live' | 'catching_up' | 'offline' | 'closed' | 'forbidden';

/** An AI reply in progress, with its words so far. */
export type ReplyInProgress = AIReply & { text: string };

/** A chat as a page shows it. The same object until something changes, and so is each part of it. */
export interface ChatView {
  connection: SessionConnection;
  /** Undefined until the first answer. */
  chat: Chat | undefined;
  /** Every message loaded so far, oldest first. */
  messages: readonly Message[];
  /** Whether `loadOlder` would bring more. */
  hasOlder: boolean;
  /** Messages on their way, or held up. */
  outbox: readonly OutgoingMessage[];
  /** AI replies in progress. */
  replies: readonly ReplyInProgress[];
  /** Participants who have the chat open. */
  present: readonly string[];
  /** Others who are writing. */
  typing: readonly string[];
  /** Who one is in the chat, and what one may do now. */
  me: ChatState['me'] | undefined;
  /** Why the chat cannot be shown, or is not up to date. */
  error: { code: string; message: string } | undefined;
}

export const emptyView: ChatView = {
  connection: 'connecting',
  chat: undefined,
  messages: [],
  hasOlder: false,
  outbox: [],
  replies: [],
  present: [],
  typing: [],
  me: undefined,
  error: undefined,
};

export interface ViewSources {
  sync: Sync;
  outbox: readonly OutgoingMessage[];
  me: ChatView['me'];
  userId: string | undefined;
  closed: boolean;
}

/** The next view; the one before, and parts of it, wherever they are the same. */
export function nextView(before: ChatView, { sync, outbox, me, userId, closed }: ViewSources): ChatView {
  const { timeline } = sync;
  const next: ChatView = {
    connection: closed ? 'closed' : connectionOf(sync),
    chat: timeline?.chat,
    messages: timeline?.messages ?? emptyView.messages,
    hasOlder: timeline?.hasOlder ?? false,
    outbox,
    replies: keepEqual(before.replies, repliesOf(sync)),
    present: sync.present,
    typing: keepEqual(
      before.typing,
      sync.typing.filter((id) => id !== userId),
    ),
    me,
    error: sync.forbidden ?? sync.trouble,
  };
  return isSame(before, next) ? before : next;
}

function connectionOf(sync: Sync): SessionConnection {
  if (sync.forbidden !== undefined) return 'forbidden';
  if (sync.trouble !== undefined) return 'offline';
  if (sync.link !== 'subscribed') return sync.link;
  if (sync.timeline === undefined) return 'connecting';
  return isLive(sync) ? 'live' : 'catching_up';
}

function repliesOf({ timeline, streams }: Sync): ReplyInProgress[] {
  if (timeline === undefined) return [];
  // The message is there a moment before the reply is said to be over: its words are shown once.
  const said = timeline.messages.at(-1)?.response?.responseId;
  return timeline.chat.aiReplies
    .filter(({ responseId }) => responseId !== said)
    .map((reply) => ({ ...reply, text: streams[reply.responseId]?.text ?? '' }));
}

function keepEqual<T>(before: readonly T[], next: readonly T[]): readonly T[] {
  const kept = next.map((item, index) => {
    const old = before[index];
    return old !== undefined && isSame(old, item) ? old : item;
  });
  return kept.length === before.length && kept.every((item, index) => item === before[index]) ? before : kept;
}

/** Whether two values are the same, or objects of the same shape with the same parts. */
function isSame<T>(one: T, other: T): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const keys = Object.keys(other) as (keyof T)[];
  return Object.keys(one).length === keys.length && keys.every((key) => one[key] === other[key]);
}
