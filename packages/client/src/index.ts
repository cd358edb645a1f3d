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
export type { ChatView, SessionConnection } from './chat-view.ts';
export type { OutboxStorage, OutgoingMessage } from './outbox.ts';
export { createParley, type Parley, type ParleyOptions } from './parley.ts';
export { ParleyError } from './parley-error.ts';
export { uuidv7 } from './uuid.ts';
