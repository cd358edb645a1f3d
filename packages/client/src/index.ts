export type {
  Abilities,
  AIReply,
  Chat,
  ChatEvent,
  CloudEvent,
  Message,
  Participant,
  Role,
  Settings,
  SettingsChange,
  TurnMode,
} from '@parley/chat';
export { fromCloudEvent, turnPolicies } from '@parley/chat';
export type {
  ChatListItem,
  ChatState,
  InvitePreview,
  InviteResponse,
  Me,
  ModelsResponse,
  SearchResponse,
} from '@parley/chat/api';
export { Api } from './api.ts';
export { ChatSession } from './chat-session.ts';
export type { ChatView, ReplyInProgress, SessionConnection } from './chat-view.ts';
export type { OutgoingMessage } from './outbox.ts';
export type { OutboxStorage } from './outbox-storage.ts';
export { createParley, type Parley, type ParleyOptions } from './parley.ts';
export { ParleyError } from './parley-error.ts';
export { uuidv7 } from './uuid.ts';
