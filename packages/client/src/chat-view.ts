import type { AIReply, Chat, Message } from '@parley/chat';
import type { ChatState } from '@parley/chat/api';
import type { OutgoingMessage } from './outbox.ts';

/**
 * How a session follows its chat. `live`: everything arrives as it happens. `catching_up`: what was missed is
 * being fetched. `forbidden`: signed out, or no longer in the chat.
 */
export type SessionConnection = 'connecting' | 'live' | 'catching_up' | 'offline' | 'closed' | 'forbidden';

/** A chat as a page shows it. The same object until something changes. */
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
  /** AI replies in progress, with their words so far. */
  replies: readonly (AIReply & { text: string })[];
  /** Participants who have the chat open. */
  present: readonly string[];
  /** Others who are writing. */
  typing: readonly string[];
  /** Who one is in the chat, and what one may do now. */
  me: ChatState['me'] | undefined;
  /** Why the chat could not be loaded. */
  error: { code: string; message: string } | undefined;
}
