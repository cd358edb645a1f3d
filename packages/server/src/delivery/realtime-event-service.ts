import {
  type Chat,
  type ChatEvent,
  joined,
  type PassingEventData,
  type PassingEventType,
  toCloudEvent,
} from '@parley/chat';
import type { RealtimeServer } from '@parley/realtime';
import { chatChannel, userChannel } from './channels.ts';
import type { LiveChats } from './live-chats.ts';

/** What broadcasting needs of a realtime server; the embedded one fits, and so does any that speaks Pusher. */
export type RealtimePublisher = Pick<RealtimeServer, 'publish' | 'occupied' | 'removeMember'>;

// The protocol's limit for an event's data. A larger event is announced, and the client fetches it.
const maxBytes = 10_000;

/** The only place that broadcasts: domain event → realtime event of the same name on the chat's channel. */
export class RealtimeEventService {
  readonly #realtime: RealtimePublisher;
  readonly #live: LiveChats;

  constructor(parts: { realtime: RealtimePublisher; live: LiveChats }) {
    this.#realtime = parts.realtime;
    this.#live = parts.live;
  }

  /** Tells everybody who follows the chat, and each member's own channel. `chat` is the state with the event in it. */
  broadcast(event: ChatEvent, chat: Chat | undefined): void {
    const channel = chatChannel(event.chatId);
    if (this.#realtime.occupied(channel)) this.#realtime.publish(channel, event.type, eventData(event));
    if (event.type === 'message.sent') this.typing(event.chatId, event.data.author, false);
    this.#tellMembers(event, chat);
  }

  /** Somebody began or ceased to write. Repeats are not told again. */
  typing(chatId: string, participantId: string, typing: boolean): void {
    const tell = (type: 'typing.started' | 'typing.stopped') => this.#pass(chatId, type, { participantId });
    const news = this.#live.setTyping(chatId, participantId, typing, () => tell('typing.stopped'));
    if (news) tell(typing ? 'typing.started' : 'typing.stopped');
  }

  /** Somebody opened the first, or closed the last, of their connections to a chat. */
  presence(chatId: string, participantId: string, present: boolean): void {
    this.#live.setPresent(chatId, participantId, present);
    this.#pass(chatId, 'presence.changed', { participantId, present });
    if (!present) this.typing(chatId, participantId, false);
  }

  /** The next words of an AI reply; late joiners get the text so far with the state. */
  delta(chatId: string, delta: PassingEventData<'ai_response.delta'>, textSoFar: string): void {
    this.#live.setReply(chatId, delta.responseId, textSoFar);
    this.#pass(chatId, 'ai_response.delta', delta);
  }

  /** The reply is a message now, or nothing came of it. */
  endReply(chatId: string, responseId: string): void {
    this.#live.endReply(chatId, responseId);
  }

  /** Ends a participant's subscription to a chat that they are no longer in. */
  shutOut(chatId: string, participantId: string): void {
    this.#realtime.removeMember(chatChannel(chatId), participantId);
  }

  #pass<T extends PassingEventType>(chatId: string, type: T, data: PassingEventData<T>): void {
    const channel = chatChannel(chatId);
    if (this.#realtime.occupied(channel)) this.#realtime.publish(channel, type, JSON.stringify(data));
  }

  #tellMembers(event: ChatEvent, chat: Chat | undefined): void {
    if (chat === undefined) return;
    let data: string | undefined;
    const tell = (userId: string) => {
      const channel = userChannel(userId);
      if (!this.#realtime.occupied(channel)) return;
      const { chatId, sequence, type } = event;
      data ??= JSON.stringify({ chatId, sequence, type } satisfies PassingEventData<'chat.activity'>);
      this.#realtime.publish(channel, 'chat.activity', data);
    };
    for (const { id, kind, status } of chat.participants) {
      if (kind === 'person' && status === 'joined') tell(id);
    }
    // Who just went is told for the last time.
    if (event.type === 'participant.left' || event.type === 'participant.removed') {
      if (!joined(chat, event.data.participantId)) tell(event.data.participantId);
    }
  }
}

function eventData(event: ChatEvent): string {
  const data = JSON.stringify(toCloudEvent(event));
  if (data.length * 3 <= maxBytes || Buffer.byteLength(data) <= maxBytes) return data;
  const { chatId, sequence, type } = event;
  return JSON.stringify({ chatId, sequence, type, fetch: true });
}
