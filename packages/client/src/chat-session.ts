import type { PassingEventData } from '@parley/chat';
import {
  abilities,
  type Chat,
  type ChatEvent,
  type CloudEvent,
  findParticipant,
  fromCloudEvent,
} from '@parley/chat';
import type { ChatState } from '@parley/chat/api';
import type { Api } from './api.ts';
import type { ChatView, SessionConnection } from './chat-view.ts';
import { Outbox, type OutboxStorage } from './outbox.ts';
import { ParleyError } from './parley-error.ts';
import type { Realtime } from './realtime.ts';
import { Store } from './store.ts';
import { addDelta, keepOnly, mergeStreams, type Streams } from './streams.ts';
import { prepend, receive, replace, type Timeline, timelineOf } from './timeline.ts';
import { Typing } from './typing.ts';

export interface ChatSessionOptions {
  chatId: string;
  api: Api;
  /** Resolves when the caller is known. */
  connect: () => Promise<{ realtime: Realtime; userId: string }>;
  storage?: OutboxStorage | undefined;
}

// Beyond this the whole state is less to fetch than the events are.
const farBehind = 500;
const page = 50;

/**
 * One chat, followed: its state folded here from the same events as on the server, each exactly once and in order,
 * across breaks of the connection. Give it to React's `useSyncExternalStore` as `subscribe` and `getSnapshot`.
 */
export class ChatSession {
  readonly chatId: string;
  readonly #api: Api;
  readonly #store: Store<ChatView>;
  readonly #outbox: Outbox;
  readonly #typing: Typing;
  readonly #undo: (() => void)[] = [];
  #timeline: Timeline | undefined;
  #userId: string | undefined;
  #connection: SessionConnection = 'connecting';
  #subscribed = false;
  #streams: Streams = {};
  #present: string[] = [];
  #error: ChatView['error'];
  #hasOlder = false;
  #catchingUp: Promise<void> | undefined;
  #loadingOlder: Promise<void> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #reopening: ReturnType<typeof setTimeout> | undefined;

  constructor({ chatId, api, connect, storage }: ChatSessionOptions) {
    this.chatId = chatId;
    this.#api = api;
    this.#typing = new Typing({
      tell: (typing) => void api.setTyping(chatId, typing).catch(() => {}),
      onChange: () => this.#emit(),
    });
    this.#store = new Store<ChatView>(emptyView);
    this.#outbox = new Outbox({
      key: `parley.outbox.${chatId}`,
      post: (message) => api.sendMessage(chatId, message),
      onChange: () => this.#emit(),
      onSent: ({ sequence }) => {
        // The event is on its way; where it is not, it is fetched.
        setTimeout(() => {
          if ((this.#timeline?.chat.sequence ?? 0) < sequence) this.#catchUp();
        }, 1_000);
      },
      storage,
    });
    this.#emit();
    this.#open(connect).catch((error: unknown) => this.#fail(error));
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);
  readonly getSnapshot = (): ChatView => this.#store.get();

  /** Sends a message; it is shown at once as pending. Returns its id. */
  send(text: string, { replyTo }: { replyTo?: string } = {}): string {
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

  /** Loads the page of messages before the oldest one. */
  loadOlder(): Promise<void> {
    this.#loadingOlder ??= this.#loadOlder().finally(() => {
      this.#loadingOlder = undefined;
    });
    return this.#loadingOlder;
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

  /** Says that one has read everything up to a sequence number; all of it when absent. */
  async markRead(sequence = this.#timeline?.chat.sequence ?? 0): Promise<void> {
    const chat = this.#timeline?.chat;
    if (chat === undefined || this.#userId === undefined) return;
    const read = chat.readMarkers[this.#userId] ?? 0;
    const unread = chat.messages.some((message) => message.sequence > read && message.sequence <= sequence);
    if (unread) await this.#api.markRead(this.chatId, sequence);
  }

  /** Ends the session; it does not come back. */
  close(): void {
    clearTimeout(this.#again);
    clearTimeout(this.#reopening);
    for (const undo of this.#undo.splice(0)) undo();
    this.#typing.close();
    this.#outbox.close();
    this.#setConnection('closed');
  }

  async #open(connect: ChatSessionOptions['connect']): Promise<void> {
    const { realtime, userId } = await connect();
    if (this.#connection === 'closed') return;
    this.#userId = userId;
    this.#undo.push(
      realtime.onState((state) => {
        if (state === 'connected') return;
        this.#subscribed = false;
        this.#setConnection(state === 'offline' ? 'offline' : 'connecting');
      }),
      realtime.follow(`presence-chat-${this.chatId}`, {
        onSubscribed: (present) => {
          this.#subscribed = true;
          this.#present = present;
          this.#outbox.flush();
          // Whatever happened before this moment is fetched, whatever happens after it is told.
          this.#catchUp();
        },
        onRefused: () => this.#refused(),
        onEvent: (event, data) => this.#hear(event, data),
        onPresence: (id, present) => {
          const others = this.#present.filter((other) => other !== id);
          this.#present = present ? [...others, id] : others;
          this.#emit();
        },
      }),
    );
    // The first sight of the chat does not wait for the socket.
    this.#catchUp();
  }

  #hear(event: string, data: unknown): void {
    if (event === 'typing.started' || event === 'typing.stopped') {
      const { participantId } = data as PassingEventData<'typing.started'>;
      if (participantId !== this.#userId) this.#typing.hear(participantId, event === 'typing.started');
    } else if (event === 'ai_response.delta') {
      const streams = addDelta(this.#streams, data as PassingEventData<'ai_response.delta'>);
      if (streams === undefined) this.#fetchStreams();
      else this.#streams = streams;
      this.#emit();
    } else if (isCloudEvent(data)) {
      this.#receive([fromCloudEvent(data)]);
    } else if ((data as { fetch?: boolean } | null)?.fetch === true) {
      this.#catchUp();
    }
  }

  #receive(events: readonly ChatEvent[]): void {
    if (this.#timeline === undefined) return;
    this.#timeline = receive(this.#timeline, events);
    for (const event of events)
      if (event.type === 'message.sent') this.#typing.hear(event.data.author, false);
    if (this.#timeline.early.size > 0) this.#catchUp();
    this.#emit();
  }

  #catchUp(): void {
    if (this.#catchingUp !== undefined) {
      this.#catchUpAgain = true;
      return;
    }
    clearTimeout(this.#again);
    this.#catchingUp = this.#fetchMissed()
      .then(
        () => this.#setConnection(this.#subscribed ? 'live' : this.#connection),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        this.#catchingUp = undefined;
        if (!this.#catchUpAgain) return;
        this.#catchUpAgain = false;
        this.#catchUp();
      });
  }

  #catchUpAgain = false;

  async #fetchMissed(): Promise<void> {
    if (this.#timeline === undefined) return this.#fetchState();
    if (this.#connection === 'live') this.#setConnection('catching_up');
    for (;;) {
      const after = this.#timeline.chat.sequence;
      const { events, head } = await this.#api.events(this.chatId, { after, limit: farBehind });
      if (head - after > farBehind) return this.#fetchState();
      this.#receive(events.map(fromCloudEvent));
      if (this.#timeline.chat.sequence >= head) break;
    }
    if (this.#timeline.chat.aiReplies.length > 0) await this.#fetchState();
  }

  async #fetchState(): Promise<void> {
    const state = await this.#api.state(this.chatId);
    this.#userId = state.me.participantId;
    if (this.#timeline === undefined) {
      this.#timeline = timelineOf(state.chat);
      this.#hasOlder = state.chat.messageCount > state.chat.messages.length;
    } else {
      const known = this.#timeline.messages.length;
      this.#timeline = replace(this.#timeline, state.chat);
      if (this.#timeline.messages.length < known) this.#hasOlder = true;
    }
    this.#takeLive(state);
    this.#error = undefined;
    this.#emit();
  }

  #takeLive({ live }: ChatState): void {
    this.#streams = mergeStreams(this.#streams, live.replies);
    if (!this.#subscribed) this.#present = live.present;
    for (const id of live.typing) if (id !== this.#userId) this.#typing.hear(id, true);
  }

  #fetchStreams(): void {
    this.#api.state(this.chatId).then(
      (state) => {
        this.#takeLive(state);
        this.#emit();
      },
      () => {
        // The reply ends with its message, which holds all of its words.
      },
    );
  }

  async #loadOlder(): Promise<void> {
    const first = this.#timeline?.messages[0];
    if (first === undefined || !this.#hasOlder) return;
    const older = await this.#api.messages(this.chatId, { before: first.sequence, limit: page });
    if (this.#timeline === undefined) return;
    this.#timeline = prepend(this.#timeline, older.messages);
    this.#hasOlder = older.hasMore;
    this.#emit();
  }

  #fail(error: unknown): void {
    if (!ParleyError.is(error)) throw error;
    const { code, message } = error;
    this.#error = { code, message };
    if (error.retryable) {
      this.#again = setTimeout(() => this.#catchUp(), error.retryAfter ?? 2_000);
      this.#setConnection('offline');
    } else {
      this.#setConnection('forbidden');
    }
  }

  /** The server took the session off the channel: what is left to know is why. */
  #refused(): void {
    this.#subscribed = false;
    this.#catchUp();
  }

  #setConnection(connection: SessionConnection): void {
    if (this.#connection !== 'closed') this.#connection = connection;
    this.#emit();
  }

  #emit(): void {
    const chat = this.#timeline?.chat;
    const messages = this.#timeline?.messages ?? [];
    const known = new Set(messages.map(({ id }) => id));
    this.#streams = keepOnly(this.#streams, new Set(chat?.aiReplies.map(({ responseId }) => responseId)));
    for (const { id } of this.#outbox?.messages ?? []) {
      if (known.has(id)) {
        this.#outbox.remove(id);
        return;
      }
    }
    this.#store.set({
      connection: this.#connection,
      chat,
      messages,
      hasOlder: this.#hasOlder,
      outbox: this.#outbox?.messages ?? [],
      replies: (chat?.aiReplies ?? []).map((reply) => ({
        ...reply,
        text: this.#streams[reply.responseId] ?? '',
      })),
      present: this.#present,
      typing: this.#typing.participants,
      me: chat && this.#me(chat),
      error: this.#error,
    });
  }

  /** What one may do now, by the same rules as on the server. */
  #me(chat: Chat): ChatView['me'] {
    const participant = findParticipant(chat, this.#userId ?? '');
    if (participant?.status !== 'joined') return undefined;
    const may = abilities(chat, participant, new Date().toISOString());
    clearTimeout(this.#reopening);
    const retryAt = may.composer.open ? undefined : may.composer.details?.retryAt;
    if (typeof retryAt === 'string') {
      this.#reopening = setTimeout(() => this.#emit(), Math.max(0, Date.parse(retryAt) - Date.now()) + 50);
    }
    return { participantId: participant.id, role: participant.role, may };
  }
}

const emptyView: ChatView = {
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

function isCloudEvent(data: unknown): data is CloudEvent {
  return (data as Partial<CloudEvent> | null)?.specversion === '1.0';
}
