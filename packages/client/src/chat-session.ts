import { abilities, type Chat, joined, type SettingsChange } from '@parley/chat';
import type { Api } from './api.ts';
import { type ChatView, emptyView, nextView } from './chat-view.ts';
import { Follower } from './follower.ts';
import { Outbox } from './outbox.ts';
import type { OutboxStorage } from './outbox-storage.ts';
import type { Realtime } from './realtime.ts';
import { Store } from './store.ts';
import { Typing } from './typing.ts';

export interface ChatSessionOptions {
  chatId: string;
  api: Api;
  /** Resolves when the caller is known. */
  connect: () => Promise<{ realtime: Realtime; userId: string }>;
  storage?: OutboxStorage | undefined;
}

/** How long an answered message may take to come back as an event before it is asked for. */
const echoTime = 1_000;

/**
 * One chat, followed: its state folded here from the same events as on the server, each exactly once and in order,
 * across breaks of the connection. Give it to React's `useSyncExternalStore` as `subscribe` and `getSnapshot`.
 */
export class ChatSession {
  readonly chatId: string;
  readonly #api: Api;
  readonly #store = new Store<ChatView>(emptyView);
  readonly #follower: Follower;
  readonly #outbox: Outbox;
  readonly #typing: Typing;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #me: { chat: Chat; userId: string | undefined; me: ChatView['me'] } | undefined;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #markedRead = 0;
  #wasLive = false;
  #closed = false;

  constructor({ chatId, api, connect, storage }: ChatSessionOptions) {
    this.chatId = chatId;
    this.#api = api;
    // Whether others see that one is writing is not worth a word when it fails.
    this.#typing = new Typing((typing) => void api.setTyping(chatId, typing).catch(() => {}));
    this.#outbox = new Outbox({
      post: (message) => api.sendMessage(chatId, message),
      onChange: () => this.#update(),
      onSent: ({ sequence }) => this.#after(echoTime, () => this.#follower.announce(sequence)),
      storage,
    });
    this.#follower = new Follower({ chatId, api, connect, onChange: () => this.#update() });
    this.#follower.start();
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);
  readonly getSnapshot = (): ChatView => this.#store.get();

  /** Sends a message; it is shown at once as pending. Returns its id. */
  send(text: string, { replyTo }: { replyTo?: string | undefined } = {}): string {
    this.#typing.stop();
    return this.#outbox.add(text, replyTo);
  }

  /** Sends a message again that the server has refused. */
  retry(messageId: string): void {
    this.#outbox.retry(messageId);
  }

  /** Gives up a message that was not sent. */
  discard(messageId: string): void {
    this.#outbox.remove(messageId);
  }

  /** Says that one is writing; call it with every keystroke. It ends by itself. */
  typing(writing: boolean): void {
    if (writing) this.#typing.write();
    else this.#typing.stop();
  }

  /** Loads the page of messages before the oldest one. @throws {ParleyError} */
  loadOlder(): Promise<void> {
    return this.#follower.loadOlder();
  }

  edit = (messageId: string, text: string) => this.#api.editMessage(this.chatId, messageId, text);
  delete = (messageId: string) => this.#api.deleteMessage(this.chatId, messageId);
  react = (messageId: string, emoji: string) => this.#api.addReaction(this.chatId, messageId, emoji);
  unreact = (messageId: string, emoji: string) => this.#api.removeReaction(this.chatId, messageId, emoji);
  skipTurn = () => this.#api.skipTurn(this.chatId);
  grantTurn = (participantId: string) => this.#api.grantTurn(this.chatId, participantId);
  resetTurn = () => this.#api.resetTurn(this.chatId);
  markComplete = () => this.#api.markComplete(this.chatId);
  withdrawComplete = () => this.#api.withdrawComplete(this.chatId);
  requestResponse = (participantId: string) => this.#api.requestResponse(this.chatId, participantId);
  stopResponse = (responseId: string) => this.#api.stopResponse(this.chatId, responseId);
  regenerate = (messageId: string) => this.#api.regenerate(this.chatId, messageId);
  changeSettings = (changes: SettingsChange) => this.#api.changeSettings(this.chatId, changes);
  leave = () => this.#api.leave(this.chatId);

  /** Says that one has read everything up to a sequence number; all of it when absent. */
  async markRead(sequence?: number): Promise<void> {
    const { chat } = this.getSnapshot();
    const { userId } = this.#follower;
    if (chat === undefined || userId === undefined) return;
    const upTo = sequence ?? chat.sequence;
    const read = Math.max(chat.readMarkers[userId] ?? 0, this.#markedRead);
    if (!chat.messages.some((message) => message.sequence > read && message.sequence <= upTo)) return;
    this.#markedRead = upTo;
    try {
      await this.#api.markRead(this.chatId, upTo);
    } catch (error) {
      this.#markedRead = 0;
      throw error;
    }
  }

  /** Ends the session; it does not come back. */
  close(): void {
    this.#typing.stop();
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#reopening);
    this.#follower.close();
    this.#outbox.close();
    this.#update();
  }

  #update(): void {
    const { sync, userId } = this.#follower;
    const { timeline } = sync;
    if (userId !== undefined) this.#outbox.open(`parley.outbox.${userId}.${this.chatId}`);
    if (timeline !== undefined) {
      this.#outbox.confirm(timeline.chat.sequence, (id) => timeline.messages.some((each) => each.id === id));
    }
    const me = timeline && this.#whoIAm(timeline.chat);
    const sources = { sync, outbox: this.#outbox.messages, me, userId, closed: this.#closed };
    this.#store.set(nextView(this.#store.get(), sources));
    const live = this.getSnapshot().connection === 'live';
    if (live && !this.#wasLive) this.#outbox.flush();
    this.#wasLive = live;
  }

  /** Who one is and may do now, by the same rules as on the server. */
  #whoIAm(chat: Chat): ChatView['me'] {
    const { userId } = this.#follower;
    if (this.#me?.chat === chat && this.#me.userId === userId) return this.#me.me;
    clearTimeout(this.#reopening);
    const participant = joined(chat, userId ?? '');
    const may = participant && abilities(chat, participant, new Date().toISOString());
    const me = participant && may && { participantId: participant.id, role: participant.role, may };
    this.#me = { chat, userId, me };
    // What is closed for a while opens by itself, without any event.
    const retryAt = may?.composer.open === false ? may.composer.details?.retryAt : undefined;
    if (typeof retryAt === 'string' && !this.#closed) {
      const wait = Math.max(0, Date.parse(retryAt) - Date.now()) + 50;
      this.#reopening = setTimeout(() => {
        this.#me = undefined;
        this.#update();
      }, wait);
    }
    return me;
  }

  #after(milliseconds: number, action: () => void): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer);
  }
}
