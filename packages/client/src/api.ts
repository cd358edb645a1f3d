import type { CloudEvent, Message, SettingsChange } from '@parley/chat';
import type * as api from '@parley/chat/api';
import type { Http } from './http.ts';

const part = encodeURIComponent;

/** Every endpoint of the HTTP API, by what it does. All throw `ParleyError`. */
export class Api {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  me = () => this.#http.ask<api.Me>('GET', '/v1/me');
  setUp = (body: api.Setup) => this.#http.ask<api.Me>('POST', '/v1/setup', { body });
  signIn = (body: { email: string; password: string }) =>
    this.#http.ask<api.Me>('POST', '/v1/sign-in', { body });
  signOut = () => this.#http.ask<void>('POST', '/v1/sign-out');
  models = () => this.#http.ask<api.ModelsResponse>('GET', '/v1/models');

  createChat = (body: api.CreateChat) => this.#http.ask<api.CommandResponse>('POST', '/v1/chats', { body });
  listChats = async (query: { archived?: boolean; limit?: number } = {}) =>
    (await this.#http.ask<{ chats: api.ChatListItem[] }>('GET', '/v1/chats', { query })).chats;
  getChat = (chatId: string) => this.#http.ask<api.ChatListItem>('GET', chat(chatId));
  renameChat = (chatId: string, title: string) => this.#command('PATCH', chat(chatId), { title });
  archiveChat = (chatId: string) => this.#command('POST', chat(chatId, 'archive'));
  restoreChat = (chatId: string) => this.#command('POST', chat(chatId, 'restore'));
  changeSettings = (chatId: string, changes: SettingsChange) =>
    this.#command('PATCH', chat(chatId, 'settings'), changes);
  search = async (q: string, options: { chatId?: string; limit?: number } = {}) =>
    (await this.#http.ask<api.SearchResponse>('GET', '/v1/search', { query: { q, ...options } })).hits;

  /** Everything about a chat, now, or right after the event number `at`. */
  state = (chatId: string, { at }: { at?: number } = {}) =>
    this.#http.ask<api.ChatState>('GET', chat(chatId, 'state'), { query: { at } });
  events = (chatId: string, query: { after?: number; limit?: number } = {}) =>
    this.#http.ask<{ events: CloudEvent[]; head: number }>('GET', chat(chatId, 'events'), { query });
  messages = (chatId: string, query: { before?: number; limit?: number } = {}) =>
    this.#http.ask<{ messages: Message[]; hasMore: boolean }>('GET', chat(chatId, 'messages'), { query });

  /** The id is the caller's: sending the same message again answers with its first place. */
  sendMessage = (chatId: string, body: { id: string; text: string; replyTo?: string }) =>
    this.#http.ask<api.SentResponse>('POST', chat(chatId, 'messages'), { body });
  editMessage = (chatId: string, messageId: string, text: string) =>
    this.#command('PATCH', chat(chatId, 'messages', messageId), { text });
  deleteMessage = (chatId: string, messageId: string) =>
    this.#command('DELETE', chat(chatId, 'messages', messageId));
  addReaction = (chatId: string, messageId: string, emoji: string) =>
    this.#command('PUT', chat(chatId, 'messages', messageId, 'reactions', emoji));
  removeReaction = (chatId: string, messageId: string, emoji: string) =>
    this.#command('DELETE', chat(chatId, 'messages', messageId, 'reactions', emoji));
  markRead = (chatId: string, sequence: number) => this.#command('POST', chat(chatId, 'read'), { sequence });
  setTyping = (chatId: string, typing: boolean) =>
    this.#http.ask<void>('POST', chat(chatId, 'typing'), { body: { typing } });

  skipTurn = (chatId: string) => this.#command('POST', chat(chatId, 'turn', 'skip'));
  grantTurn = (chatId: string, participantId: string) =>
    this.#command('POST', chat(chatId, 'turn', 'grant'), { participantId });
  resetTurn = (chatId: string) => this.#command('POST', chat(chatId, 'turn', 'reset'));
  markComplete = (chatId: string) => this.#command('PUT', chat(chatId, 'completion'));
  withdrawComplete = (chatId: string) => this.#command('DELETE', chat(chatId, 'completion'));

  addParticipant = (
    chatId: string,
    body: { userId: string; role?: 'host' | 'member' | 'guest' | 'observer' },
  ) => this.#command('POST', chat(chatId, 'participants'), body);
  updateParticipant = (chatId: string, participantId: string, body: api.UpdateParticipant) =>
    this.#command('PATCH', chat(chatId, 'participants', participantId), body);
  removeParticipant = (chatId: string, participantId: string) =>
    this.#command('DELETE', chat(chatId, 'participants', participantId));
  addAI = (chatId: string, body: api.AddAI = {}) =>
    this.#http.ask<api.CommandResponse & { participantId: string }>('POST', chat(chatId, 'ai-participants'), {
      body,
    });
  leave = (chatId: string) => this.#command('POST', chat(chatId, 'leave'));

  createInvite = (chatId: string, body: api.CreateInvite = {}) =>
    this.#http.ask<api.InviteResponse>('POST', chat(chatId, 'invites'), { body });
  revokeInvite = (chatId: string, inviteId: string) =>
    this.#command('DELETE', chat(chatId, 'invites', inviteId));
  previewInvite = (token: string) => this.#http.ask<api.InvitePreview>('GET', `/v1/invites/${part(token)}`);
  acceptInvite = (token: string, body: api.AcceptInvite = {}) =>
    this.#http.ask<{ chatId: string; me: api.Me }>('POST', `/v1/invites/${part(token)}/accept`, { body });

  requestResponse = (chatId: string, participantId: string) =>
    this.#http.ask<api.CommandResponse & { responseId: string }>('POST', chat(chatId, 'ai-responses'), {
      body: { participantId },
    });
  stopResponse = (chatId: string, responseId: string) =>
    this.#command('POST', chat(chatId, 'ai-responses', responseId, 'stop'));
  regenerate = (chatId: string, messageId: string) =>
    this.#http.ask<api.CommandResponse & { responseId: string }>(
      'POST',
      chat(chatId, 'messages', messageId, 'regenerate'),
    );

  #command(method: string, path: string, body?: unknown): Promise<api.CommandResponse> {
    return this.#http.ask(method, path, { body });
  }
}

function chat(chatId: string, ...rest: string[]): string {
  return ['/v1/chats', ...[chatId, ...rest].map(part)].join('/');
}
