import { type CloudEvent, fromCloudEvent, type PassingEventData } from '@parley/chat';
import type { Api } from './api.ts';
import { backOff, persist } from './back-off.ts';
import { ParleyError } from './parley-error.ts';
import type { ConnectionState, Realtime } from './realtime.ts';
import { advance, nextRequest, type Sync, type SyncInput, type SyncRequest, unsynced } from './sync.ts';

export interface FollowerOptions {
  chatId: string;
  api: Api;
  /** Resolves when the caller is known. */
  connect: () => Promise<{ realtime: Realtime; userId: string }>;
  onChange: () => void;
}

const eventsAtOnce = 500;
const messagesAtOnce = 50;

/** Keeps a chat's `Sync` true: hears its channel, and asks the server what `nextRequest` says, one at a time. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #closing = new AbortController();
  #sync: Sync = unsynced;
  #userId: string | undefined;
  #realtime: Realtime | undefined;
  #unfollow: (() => void) | undefined;
  #unwatch: (() => void) | undefined;
  #asking = false;
  #fruitless = 0;
  #refusals = 0;
  #later: ReturnType<typeof setTimeout> | undefined;
  #paging: Promise<void> | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  get sync(): Sync {
    return this.#sync;
  }

  /** Who follows; undefined until the server has said so. */
  get userId(): string | undefined {
    return this.#userId;
  }

  start(): void {
    // The first sight of the chat does not wait for the socket.
    this.#ask();
    const { connect } = this.#options;
    persist(connect, this.#closing.signal).then(
      ({ realtime, userId }) => {
        this.#userId = userId;
        this.#realtime = realtime;
        const watch = (state: ConnectionState) => {
          if (state !== 'connected') this.#take({ type: 'unsubscribed', link: state });
        };
        this.#unwatch = realtime.onState(watch);
        watch(realtime.state);
        this.#follow();
      },
      (error: unknown) => {
        if (this.#closing.signal.aborted) return;
        if (!ParleyError.is(error)) throw error;
        // Who may not even know who they are may not see the chat either; the state call says so in its own words.
        this.#take({ type: 'refused' });
      },
    );
  }

  /** Tells that the server has an event of this sequence; it is fetched if it does not come by itself. */
  announce(sequence: number): void {
    this.#take({ type: 'announced', sequence });
  }

  /** Loads the page of messages before the first. */
  loadOlder(): Promise<void> {
    this.#paging ??= this.#loadOlder().finally(() => {
      this.#paging = undefined;
    });
    return this.#paging;
  }

  close(): void {
    this.#closing.abort(new Error('This chat session is closed.'));
    clearTimeout(this.#later);
    this.#unfollow?.();
    this.#unwatch?.();
  }

  #take(input: SyncInput): void {
    if (this.#closing.signal.aborted) return;
    this.#sync = advance(this.#sync, input);
    this.#options.onChange();
    this.#ask();
  }

  #follow(): void {
    this.#unfollow = this.#realtime?.follow(`presence-chat-${this.#options.chatId}`, {
      onSubscribed: (present) => {
        // The server is back: what had to wait for it need not wait longer.
        this.#fruitless = 0;
        this.#refusals = 0;
        clearTimeout(this.#later);
        this.#later = undefined;
        this.#take({ type: 'subscribed', present });
      },
      onRefused: () => {
        this.#stopFollowing();
        if (++this.#refusals > 1) this.#askLater(backOff(this.#refusals));
        this.#take({ type: 'refused' });
      },
      onPresence: (participantId, present) => this.#take({ type: 'presence', participantId, present }),
      onEvent: (event, data) => {
        const input = inputOf(event, data);
        if (input !== undefined) this.#take(input);
      },
    });
  }

  #stopFollowing(): void {
    this.#unfollow?.();
    this.#unfollow = undefined;
  }

  #ask(): void {
    if (this.#asking || this.#later !== undefined || this.#closing.signal.aborted) return;
    const request = nextRequest(this.#sync);
    if (request === undefined) return;
    this.#asking = true;
    this.#answer(request).then(
      (input) => {
        this.#asking = false;
        this.#fruitless = isProgress(this.#sync, advance(this.#sync, input)) ? 0 : this.#fruitless + 1;
        if (this.#fruitless > 0) this.#askLater(backOff(this.#fruitless, { most: 10_000 }));
        this.#take(input);
        // It was not for good: the chat is still ours to see.
        if (input.type === 'state' && this.#realtime && !this.#unfollow) this.#follow();
      },
      (error: unknown) => {
        this.#asking = false;
        if (!ParleyError.is(error)) throw error;
        const { code, message, retryable, retryAfter } = error;
        if (retryable) this.#askLater(retryAfter ?? backOff(++this.#fruitless, { most: 10_000 }));
        this.#take({ type: 'failed', request, error: { code, message }, retryable });
        if (this.#sync.forbidden !== undefined) this.#stopFollowing();
      },
    );
  }

  #askLater(wait: number): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.#ask();
    }, wait);
  }

  async #answer(request: SyncRequest): Promise<SyncInput> {
    const { api, chatId } = this.#options;
    if (request.fetch === 'events') {
      const { events, head } = await api.events(chatId, { after: request.after, limit: eventsAtOnce });
      return { type: 'events', request, events: events.map(fromCloudEvent), head };
    }
    const state = await api.state(chatId);
    this.#userId = state.me.participantId;
    return { type: 'state', request, state };
  }

  async #loadOlder(): Promise<void> {
    const { timeline } = this.#sync;
    const before = timeline?.messages[0]?.sequence;
    if (before === undefined || !timeline?.hasOlder) return;
    this.#take({ type: 'paging' });
    const { api, chatId } = this.#options;
    try {
      const older = await api.messages(chatId, { before, limit: messagesAtOnce });
      this.#take({ type: 'page', page: { before, ...older } });
    } catch (error) {
      this.#take({ type: 'page', page: undefined });
      throw error;
    }
  }
}

/** Whether an answer has brought the chat forward, or left nothing to ask. */
function isProgress(before: Sync, after: Sync): boolean {
  return (
    nextRequest(after) === undefined ||
    after.timeline?.chat.sequence !== before.timeline?.chat.sequence ||
    after.verified !== before.verified ||
    after.needsState !== before.needsState
  );
}

/** What an event of the channel tells; undefined for those of a kind that is not known here. */
function inputOf(event: string, data: unknown): SyncInput | undefined {
  switch (event) {
    case 'typing.started':
    case 'typing.stopped': {
      const { participantId } = data as PassingEventData<'typing.started'>;
      return { type: 'typing', participantId, typing: event === 'typing.started' };
    }
    case 'ai_response.delta':
      return { type: 'delta', delta: data as PassingEventData<'ai_response.delta'> };
  }
  if (isCloudEvent(data)) return { type: 'event', event: fromCloudEvent(data) };
  const announcement = data as { sequence?: number; fetch?: boolean } | null;
  if (announcement?.fetch !== true || announcement.sequence === undefined) return undefined;
  return { type: 'announced', sequence: announcement.sequence };
}

function isCloudEvent(data: unknown): data is CloudEvent {
  return (data as Partial<CloudEvent> | null)?.specversion === '1.0';
}
