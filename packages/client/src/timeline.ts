import { type Chat, type ChatEvent, evolve, evolveMessages, type Message } from '@parley/chat';

/** A chat as one client has it: its state, and every message loaded so far. Never changed in place. */
export interface Timeline {
  chat: Chat;
  /** Oldest first; at least those of `chat.messages`. */
  messages: Message[];
  /** Whether there are messages before the first of `messages`. */
  hasOlder: boolean;
  /** Events that came before an earlier one did, by sequence. */
  early: ReadonlyMap<number, ChatEvent>;
  /** While a page of older messages is on its way: what has happened since, which the page may not know. */
  sincePaging?: readonly ChatEvent[] | undefined;
}

export interface OlderPage {
  /** The sequence before which the page was asked to end. */
  before: number;
  messages: readonly Message[];
  hasMore: boolean;
}

export function timelineOf(chat: Chat): Timeline {
  const { messages } = chat;
  return { chat, messages, hasOlder: messages.length < chat.messageCount, early: new Map() };
}

/**
 * Brings a timeline forward by events in whatever order and number they come: each is applied once, in order of
 * its sequence; what came too early waits. A hole is left when `early` is not empty afterwards.
 */
export function receive(timeline: Timeline, events: readonly ChatEvent[]): Timeline {
  let { chat, messages } = timeline;
  const early = new Map(timeline.early);
  const applied: ChatEvent[] = [];
  for (const event of events) if (event.sequence > chat.sequence) early.set(event.sequence, event);
  for (let next = early.get(chat.sequence + 1); next !== undefined; next = early.get(chat.sequence + 1)) {
    early.delete(next.sequence);
    chat = evolve(chat, next);
    messages = evolveMessages(messages, next);
    applied.push(next);
  }
  if (applied.length === 0 && early.size === timeline.early.size) return timeline;
  const sincePaging = timeline.sincePaging && [...timeline.sincePaging, ...applied];
  return { ...timeline, chat, messages, early, sincePaging };
}

/**
 * Takes over the server's state, when too much was missed to be told event by event. Older pages are let go: what
 * has happened to their messages is not known.
 */
export function replace(timeline: Timeline, chat: Chat): Timeline {
  if (chat.sequence <= timeline.chat.sequence) return timeline;
  const early = new Map([...timeline.early].filter(([sequence]) => sequence > chat.sequence));
  return receive({ ...timelineOf(chat), early }, []);
}

/** Notes that a page of older messages was asked for. */
export function beginPaging(timeline: Timeline): Timeline {
  return { ...timeline, sincePaging: [] };
}

/** Puts a page of older messages before those that are loaded, as they are by now; no page when it did not come. */
export function endPaging(timeline: Timeline, page: OlderPage | undefined): Timeline {
  const { sincePaging, ...rest } = timeline;
  if (page === undefined) return rest;
  // In the meantime the timeline was replaced: the page may not join it.
  if (sincePaging === undefined || timeline.messages[0]?.sequence !== page.before) return rest;
  const older = sincePaging.reduce<Message[]>(
    (messages, event) => evolveMessages(messages, event).slice(0, page.messages.length),
    [...page.messages],
  );
  return { ...rest, messages: [...older, ...timeline.messages], hasOlder: page.hasMore };
}
