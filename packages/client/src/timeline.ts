import { type Chat, type ChatEvent, evolve, evolveMessages, type Message } from '@parley/chat';

/** A chat as one client has it: its state, and every message loaded so far. Never changed in place. */
export interface Timeline {
  chat: Chat;
  /** Oldest first; at least those of `chat.messages`. */
  messages: Message[];
  /** Events that came before an earlier one did, by sequence. */
  early: ReadonlyMap<number, ChatEvent>;
}

export function timelineOf(chat: Chat): Timeline {
  return { chat, messages: chat.messages, early: new Map() };
}

/**
 * Brings a timeline forward by events in whatever order and number they come: each is applied once, in order of
 * its sequence; what came too early waits. A hole is left when `early` is not empty afterwards.
 */
export function receive(timeline: Timeline, events: readonly ChatEvent[]): Timeline {
  let { chat, messages } = timeline;
  const early = new Map(timeline.early);
  for (const event of events) if (event.sequence > chat.sequence) early.set(event.sequence, event);
  for (let next = early.get(chat.sequence + 1); next !== undefined; next = early.get(chat.sequence + 1)) {
    early.delete(next.sequence);
    chat = evolve(chat, next);
    messages = evolveMessages(messages, next);
  }
  if (chat === timeline.chat && early.size === timeline.early.size) return timeline;
  return { chat, messages, early };
}

/** Takes over the server's state, when too much was missed to be told event by event. */
export function replace(timeline: Timeline, chat: Chat): Timeline {
  if (chat.sequence <= timeline.chat.sequence) return timeline;
  const joint = timeline.messages.findIndex(({ id }) => id === chat.messages[0]?.id);
  // Older pages stay only where nothing can be missing between them and the state.
  const older = joint > 0 ? timeline.messages.slice(0, joint) : [];
  return receive({ chat, messages: [...older, ...chat.messages], early: timeline.early }, []);
}

/** Puts a page of older messages before those that are loaded. */
export function prepend(timeline: Timeline, older: readonly Message[]): Timeline {
  const first = timeline.messages[0]?.sequence ?? Number.POSITIVE_INFINITY;
  const before = older.filter(({ sequence }) => sequence < first);
  return before.length === 0 ? timeline : { ...timeline, messages: [...before, ...timeline.messages] };
}
