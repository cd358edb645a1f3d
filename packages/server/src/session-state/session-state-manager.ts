import {
  type Chat,
  type ChatEvent,
  defaultSettings,
  emptyChat,
  evolve,
  evolveMessages,
  fold,
  foldVersion,
  type Message,
  Refusal,
} from '@parley/chat';
import type { EventLog, Json } from '@parley/event-log';
import { fromLog } from '../orchestrator/chat-events.ts';
import { type CachedChat, CachedChats } from './cached-chats.ts';

export interface SessionStateOptions {
  log: EventLog;
  /** Bytes of memory for cached chats; default 64 MiB. */
  maxBytes?: number;
  /** Milliseconds after which a cached chat's head is compared with the log's; default 5,000. */
  recheckAfter?: number;
  /** Events between two snapshots of a chat; default 500. */
  snapshotEvery?: number;
  /** Called when a snapshot could not be kept; the chat itself is unharmed. */
  onError?: (error: unknown) => void;
}

export interface SessionStateStatistics {
  hits: number;
  misses: number;
  /** Heads compared with the log's because the time was over. */
  rechecks: number;
  /** Cached states that turned out to be behind the log. */
  stale: number;
  cachedChats: number;
  cachedBytes: number;
}

/** A chat's state, and the same as JSON text. */
export interface SerializedChat {
  chat: Chat;
  json: string;
}

interface Load {
  state: Promise<Chat>;
  /** Events that were committed while the chat was being read. */
  arrived: ChatEvent[];
}

const page = 1_000;
// A snapshot in so many events stays for ever, so that a look at the past has one nearby.
const keepEvery = 5_000;

/**
 * The one source of a chat's present state: folds its events, caches the result, and keeps it right by
 * hearing every committed event. Reads the log on a miss only: the newest snapshot and the events after it.
 */
export class ChatSessionStateManager {
  readonly #log: EventLog;
  readonly #cache: CachedChats;
  readonly #loading = new Map<string, Load>();
  readonly #recheckAfter: number;
  readonly #snapshotEvery: number;
  readonly #onError: (error: unknown) => void;
  #hits = 0;
  #misses = 0;
  #rechecks = 0;
  #stale = 0;

  constructor(options: SessionStateOptions) {
    this.#log = options.log;
    this.#cache = new CachedChats(options.maxBytes ?? 64 * 1024 * 1024);
    this.#recheckAfter = options.recheckAfter ?? 5_000;
    this.#snapshotEvery = options.snapshotEvery ?? 500;
    this.#onError = options.onError ?? (() => {});
  }

  /** The present state; `sequence` 0 when there is no such chat. */
  async load(chatId: string): Promise<Chat> {
    return this.#fresh(chatId)?.chat ?? this.#check(chatId);
  }

  /** The present state with its JSON text, which is made once per change. */
  async loadSerialized(chatId: string): Promise<SerializedChat> {
    const chat = await this.load(chatId);
    return this.#serialized(chatId, chat);
  }

  /** The same without waiting, if it is in memory and was looked at a moment ago. */
  recallSerialized(chatId: string): SerializedChat | undefined {
    const cached = this.#fresh(chatId);
    return cached && this.#serialized(chatId, cached.chat);
  }

  /** The state if it is in memory. */
  peek(chatId: string): Chat | undefined {
    return this.#cache.peek(chatId)?.chat;
  }

  /**
   * The state as it was right after event number `sequence`.
   * @throws {Refusal} `chat.sequence_not_found`
   */
  async loadAt(chatId: string, sequence: number): Promise<Chat> {
    const chat = await this.#fold(chatId, sequence);
    if (chat.sequence !== sequence) throw new Refusal('chat.sequence_not_found');
    return chat;
  }

  /** Brings cached states forward by committed events, in order. */
  apply(event: ChatEvent): void {
    this.#loading.get(event.chatId)?.arrived.push(event);
    const cached = this.#cache.peek(event.chatId);
    if (cached === undefined) {
      // A new chat is read right after it was made; its first event needs no log.
      if (event.sequence === 1) this.#keep(evolve(emptyChat(event.chatId, defaultSettings), event));
      return;
    }
    if (event.sequence <= cached.chat.sequence) return;
    if (event.sequence > cached.chat.sequence + 1) {
      this.#stale++;
      this.#cache.delete(event.chatId);
      return;
    }
    const chat = evolve(cached.chat, event);
    this.#keep(chat);
    if (chat.sequence % this.#snapshotEvery === 0) this.#saveSnapshot(chat, event.position);
  }

  /** Forgets a state that turned out to be behind the log. */
  forget(chatId: string): void {
    this.#cache.delete(chatId);
  }

  /** Messages older than the state's window, oldest first, as they are now. */
  async messagesBefore(chatId: string, before: number, limit: number): Promise<Message[]> {
    const sent = await this.#log.readStream(chatId, {
      types: ['message.sent'],
      before,
      backwards: true,
      limit,
    });
    return this.messages(
      chatId,
      sent.flatMap(({ subject }) => (subject === undefined ? [] : [subject])),
    );
  }

  /** The named messages that exist, oldest first, as they are now. */
  async messages(chatId: string, ids: readonly string[]): Promise<Message[]> {
    if (ids.length === 0) return [];
    const events = await this.#log.readSubjects(chatId, ids);
    return events.reduce<Message[]>((messages, event) => evolveMessages(messages, fromLog(event)), []);
  }

  statistics(): SessionStateStatistics {
    return {
      hits: this.#hits,
      misses: this.#misses,
      rechecks: this.#rechecks,
      stale: this.#stale,
      cachedChats: this.#cache.size,
      cachedBytes: this.#cache.bytes,
    };
  }

  #serialized(chatId: string, chat: Chat): SerializedChat {
    const cached = this.#cache.peek(chatId);
    if (cached?.chat !== chat) return { chat, json: JSON.stringify(chat) };
    cached.json ??= JSON.stringify(chat);
    return { chat, json: cached.json };
  }

  #fresh(chatId: string): CachedChat | undefined {
    const cached = this.#cache.get(chatId);
    if (cached === undefined || performance.now() - cached.checkedAt >= this.#recheckAfter) return undefined;
    this.#hits++;
    return cached;
  }

  /** The cached state once its head was compared with the log's; read from there when it is behind, or not cached. */
  async #check(chatId: string): Promise<Chat> {
    if (this.#cache.peek(chatId) !== undefined && (await this.#isCurrent(chatId))) {
      this.#hits++;
      const cached = this.#cache.peek(chatId);
      if (cached !== undefined) return cached.chat;
    }
    return this.#read(chatId);
  }

  async #isCurrent(chatId: string): Promise<boolean> {
    this.#rechecks++;
    const head = await this.#log.streamHead(chatId);
    const cached = this.#cache.peek(chatId);
    if (cached === undefined) return false;
    if (cached.chat.sequence >= head) {
      cached.checkedAt = performance.now();
      return true;
    }
    this.#stale++;
    this.#cache.delete(chatId);
    return false;
  }

  async #read(chatId: string): Promise<Chat> {
    const running = this.#loading.get(chatId);
    if (running !== undefined) return running.state;
    this.#misses++;
    const arrived: ChatEvent[] = [];
    const state = this.#fold(chatId).then((chat) => {
      const newer = arrived.filter((event) => event.sequence > chat.sequence);
      const current = fold(chatId, newer, chat);
      if (current.sequence > 0) this.#keep(current);
      return current;
    });
    this.#loading.set(chatId, { state, arrived });
    try {
      return await state;
    } finally {
      this.#loading.delete(chatId);
    }
  }

  async #fold(chatId: string, upTo?: number): Promise<Chat> {
    const snapshot = await this.#log.loadSnapshot(chatId, foldVersion, upTo);
    let chat = (snapshot?.state as Chat | undefined) ?? emptyChat(chatId, defaultSettings);
    const from = chat.sequence;
    let position = snapshot?.position ?? 0;
    for (;;) {
      const events = await this.#log.readStream(chatId, {
        after: chat.sequence,
        limit: page,
        ...(upTo === undefined ? {} : { before: upTo + 1 }),
      });
      chat = fold(chatId, events.map(fromLog), chat);
      position = events.at(-1)?.position ?? position;
      if (events.length < page) break;
    }
    // After a change of `foldVersion` no snapshot fits: the next reader shall not fold it all again.
    if (upTo === undefined && chat.sequence - from >= 2 * this.#snapshotEvery) {
      this.#saveSnapshot(chat, position);
    }
    return chat;
  }

  #keep(chat: Chat): void {
    this.#cache.set(chat.id, { chat, checkedAt: performance.now() });
  }

  #saveSnapshot(chat: Chat, position: number): void {
    const snapshot = { sequence: chat.sequence, position, state: chat as unknown as Json };
    this.#log.saveSnapshot(chat.id, foldVersion, snapshot, keepEvery).catch(this.#onError);
  }
}
