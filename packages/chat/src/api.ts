import { z } from 'zod';
import type { Chat } from './chat.ts';
import * as field from './fields.ts';
import type { Abilities } from './permissions.ts';

/** The bodies of the HTTP API, shared by the server (validation, OpenAPI) and the client (types). */

const aiParticipant = z.strictObject({
  name: field.displayName.optional(),
  ...field.aiSettings.shape,
});

export const createChatBody = z.strictObject({
  /** Chosen by the caller so that a retry is the same chat; made by the server when absent. */
  id: field.uuid.optional(),
  title: field.title,
  settings: field.settingsChange.optional(),
  /** AI participants that are in from the start. */
  ai: z.array(aiParticipant).max(10).default([]),
});
export const updateChatBody = z.strictObject({ title: field.title });
export const settingsBody = field.settingsChange;

export const sendMessageBody = z.strictObject({
  /** A UUID of the sender's: sending it again is the same message, not another. */
  id: field.uuid,
  text: field.messageText,
  replyTo: field.uuid.optional(),
});
export const editMessageBody = z.strictObject({ text: field.messageText });
export const readBody = z.strictObject({ sequence: field.sequence });
export const typingBody = z.strictObject({ typing: z.boolean() });

export const grantTurnBody = z.strictObject({ participantId: field.participantId });

export const addParticipantBody = z.strictObject({
  /** The id of somebody who has an account here. */
  userId: field.participantId,
  role: field.role.default('member'),
});
export const updateParticipantBody = z
  .strictObject({ role: field.role, muted: z.boolean(), name: field.displayName, ai: field.aiSettings })
  .partial();
export const addAIBody = aiParticipant;
export const requestResponseBody = z.strictObject({ participantId: field.participantId });

export const createInviteBody = z.strictObject({
  role: field.role.default('guest'),
  /** Hours until the link ends; at most 30 days. */
  hours: z.int().min(1).max(720).default(168),
  maxUses: z.int().min(1).max(10_000).nullable().default(null),
});

export const password = z.string().min(8).max(128);
export const setupBody = z.strictObject({
  token: z.string().min(1).max(200),
  name: field.displayName,
  email: z.email().max(254),
  password,
});
export const signInBody = z.strictObject({ email: z.string().max(254), password: z.string().max(1024) });
/** Accepting an invite: nothing when signed in, a name to come as a guest, or a new account. */
export const acceptInviteBody = z.strictObject({
  name: field.displayName.optional(),
  email: z.email().max(254).optional(),
  password: password.optional(),
});

const count = (limit: number, otherwise: number) =>
  z.coerce.number().int().min(1).max(limit).default(otherwise);
export const listChatsQuery = z.strictObject({
  archived: z.enum(['true', 'false']).default('false'),
  limit: count(200, 100),
});
export const messagesQuery = z.strictObject({
  before: z.coerce.number().int().min(1).optional(),
  limit: count(200, 50),
});
export const eventsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: count(1000, 500),
});
export const stateQuery = z.strictObject({ at: z.coerce.number().int().min(1).optional() });
export const searchQuery = z.strictObject({
  q: z.string().min(1).max(200),
  chatId: field.uuid.optional(),
  limit: count(100, 30),
});

export const userKind = z.enum(['owner', 'member', 'guest', 'app', 'server']);
export const user = z.object({
  id: z.string(),
  name: z.string(),
  /** `owner` and `member` have accounts, `guest` came by a link, `app` by a token of an embedding app. */
  kind: userKind,
  email: z.string().optional(),
});
export type User = z.infer<typeof user>;
export type UserKind = z.infer<typeof userKind>;

export const meResponse = z.object({
  user,
  mayCreateChats: z.boolean(),
  /** What a Pusher client needs to connect here. */
  realtime: z.object({ key: z.string(), authEndpoint: z.string(), userChannel: z.string() }),
});
export type Me = z.infer<typeof meResponse>;

export const commandResponse = z.object({
  chatId: z.string(),
  /** Sequence of the last event that the command made; of the latest event when it changed nothing. */
  sequence: z.number(),
  /** Place in the server's log: a later query may wait for it. */
  position: z.number(),
});
export type CommandResponse = z.infer<typeof commandResponse>;

export const sentResponse = commandResponse.extend({ messageId: z.string(), at: z.string() });
/** Where the message stands: the same answer for every retry. */
export type SentResponse = z.infer<typeof sentResponse>;

export const chatListItem = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['open', 'archived']),
  sequence: z.number(),
  updatedAt: z.string(),
  /** People and AIs who are in it. */
  participants: z.array(z.object({ id: z.string(), name: z.string(), kind: field.participantKind })),
  lastMessage: z
    .object({ author: z.string(), text: z.string(), at: z.string(), sequence: z.number() })
    .nullable(),
  /** Messages of others that one has not read; counts up to 100. */
  unread: z.number(),
});
export type ChatListItem = z.infer<typeof chatListItem>;
export const chatListResponse = z.object({ chats: z.array(chatListItem) });

export const searchResponse = z.object({
  hits: z.array(
    z.object({
      chatId: z.string(),
      chatTitle: z.string(),
      messageId: z.string(),
      author: z.string(),
      at: z.string(),
      sequence: z.number(),
      /** The text around the hit; found words stand between U+0002 and U+0003. */
      excerpt: z.string(),
    }),
  ),
});
export type SearchResponse = z.infer<typeof searchResponse>;

export const inviteResponse = z.object({
  inviteId: z.string(),
  /** Shown once: the secret is not kept. */
  url: z.string(),
  token: z.string(),
  role: field.role,
  expiresAt: z.string(),
});
export type InviteResponse = z.infer<typeof inviteResponse>;

export const invitePreview = z.object({
  chatId: z.string(),
  chatTitle: z.string(),
  invitedBy: z.string(),
  role: field.role,
  expiresAt: z.string(),
});
export type InvitePreview = z.infer<typeof invitePreview>;

export const modelsResponse = z.object({
  default: z.string(),
  models: z.array(z.object({ id: z.string(), label: z.string(), note: z.string().optional() })),
});
export type ModelsResponse = z.infer<typeof modelsResponse>;

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  /** Stable; see the list of refusals. */
  code: z.string(),
  /** For `request.invalid`: which field, and what it must be. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** What the refusal is about: the turn's holder, when to try again. */
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof problem>;

/** The answer of `GET /v1/chats/:chatId/state`: everything that a page needs to show a chat. */
export interface ChatState {
  /** Durable: what `evolve` folds; `chat.sequence` says up to which event. */
  chat: Chat;
  /** Passing: who is here and writing, and the text so far of AI replies in progress. Empty for a past moment. */
  live: LiveState;
  /** The caller, and what they may do now. */
  me: { participantId: string; role: field.Role; may: Abilities };
}

export interface LiveState {
  /** Participants with at least one connection to the chat. */
  present: string[];
  typing: string[];
  /** By `responseId`. */
  replies: Record<string, string>;
}

/** The request bodies as callers write them, with the defaults left out. */
export type CreateChat = z.input<typeof createChatBody>;
export type AddAI = z.input<typeof addAIBody>;
export type UpdateParticipant = z.input<typeof updateParticipantBody>;
export type CreateInvite = z.input<typeof createInviteBody>;
export type AcceptInvite = z.input<typeof acceptInviteBody>;
export type Setup = z.input<typeof setupBody>;
