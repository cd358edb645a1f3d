import type { Chat, ChatEvent, PassingEventData } from '@parley/chat';
import type { ChatState, LiveState } from '@parley/chat/api';
import { addDelta, hasHole, keepOnly, mergeTexts, type Streams } from './streams.ts';
import {
  beginPaging,
  endPaging,
  type OlderPage,
  receive,
  replace,
  type Timeline,
  timelineOf,
} from './timeline.ts';

/**
 * How a client follows a chat, without any I/O: what it knows, how each thing that it hears changes that, and what
 * it should ask the server next. Whatever is lost, doubled or late on the way, the answers make good.
 */
export interface Sync {
  /** The subscription of the chat's channel. */
  link: 'connecting' | 'offline' | 'subscribed';
  /** Undefined until the first answer; then everything that is known of the chat. */
  timeline: Timeline | undefined;
  /** Events that came before the first answer. */
  queued: readonly ChatEvent[];
  /** The highest sequence of which anything was heard. */
  head: number;
  /** Counts the subscriptions. Between two of them something may have been missed. */
  subscriptions: number;
  /** The subscription for which an answer has shown that nothing is missing. */
  verified: number;
  /** Events cannot bring the timeline forward any more: the whole state is needed, `anew` even if it is older. */
  needsState: boolean | 'anew';
  streams: Streams;
  present: readonly string[];
  /** Everybody who is writing; oneself too. */
  typing: readonly string[];
  /** Why the server could not be asked, while it cannot. */
  trouble: SyncError | undefined;
  /** Signed out, or not in the chat any more. */
  forbidden: SyncError | undefined;
}

interface SyncError {
  code: string;
  message: string;
}

/** What to ask the server. `subscription` says how old the question is when the answer comes. */
export type SyncRequest =
  | { fetch: 'state'; subscription: number }
  | { fetch: 'events'; subscription: number; after: number }
  /** The state too, but only for the words of AI replies. */
  | { fetch: 'replies' };

export type SyncInput =
  | { type: 'unsubscribed'; link: 'connecting' | 'offline' }
  | { type: 'subscribed'; present: readonly string[] }
  /** The server has ended the subscription, or not begun one. Whether for good, its next answer tells. */
  | { type: 'refused' }
  | { type: 'presence'; participantId: string; present: boolean }
  | { type: 'typing'; participantId: string; typing: boolean }
  | { type: 'event'; event: ChatEvent }
  /** There is an event of this sequence, and it was not told. */
  | { type: 'announced'; sequence: number }
  | { type: 'delta'; delta: PassingEventData<'ai_response.delta'> }
  | { type: 'state'; request: SyncRequest; state: Pick<ChatState, 'chat' | 'live'> }
  | { type: 'events'; request: SyncRequest; events: readonly ChatEvent[]; head: number }
  | { type: 'failed'; request: SyncRequest; error: SyncError; retryable: boolean }
  | { type: 'paging' }
  /** The page that was asked for; undefined when there was no answer. */
  | { type: 'page'; page: OlderPage | undefined };

// When more events than this are still to be fetched, the whole state is less.
const farBehind = 500;

export const unsynced: Sync = {
  link: 'connecting',
  timeline: undefined,
  queued: [],
  head: 0,
  subscriptions: 0,
  verified: -1,
  needsState: false,
  streams: {},
  present: [],
  typing: [],
  trouble: undefined,
  forbidden: undefined,
};

/** What a client knows after it has heard something. The same object when that is nothing new. */
export function advance(sync: Sync, input: SyncInput): Sync {
  const next = apply(sync, input);
  return next === sync ? sync : forgetEndedReplies(next);
}

/** What to ask the server now, if anything. One question at a time is enough. */
export function nextRequest(sync: Sync, limits = { farBehind }): SyncRequest | undefined {
  const { timeline, subscriptions: subscription, streams } = sync;
  if (sync.forbidden !== undefined) return undefined;
  const missing = sync.head - (timeline?.chat.sequence ?? 0);
  if (timeline === undefined || sync.needsState || missing > limits.farBehind) {
    return { fetch: 'state', subscription };
  }
  const unverified = sync.link === 'subscribed' && sync.verified < subscription;
  if (missing > 0 || unverified) return { fetch: 'events', subscription, after: timeline.chat.sequence };
  const hole = timeline.chat.aiReplies.some(({ responseId }) => hasHole(streams[responseId]));
  return hole ? { fetch: 'replies' } : undefined;
}

/** Whether the chat is shown as it is on the server, and stays so. */
export function isLive(sync: Sync): boolean {
  const next = nextRequest(sync);
  return sync.link === 'subscribed' && (next === undefined || next.fetch === 'replies');
}

function apply(sync: Sync, input: SyncInput): Sync {
  switch (input.type) {
    case 'unsubscribed':
      return sync.link === input.link ? sync : { ...sync, link: input.link, typing: [] };
    case 'subscribed': {
      const { present } = input;
      return { ...sync, link: 'subscribed', present, subscriptions: sync.subscriptions + 1 };
    }
    case 'refused':
      return { ...sync, link: 'connecting', typing: [], needsState: sync.needsState || true };
    case 'presence':
      return { ...sync, present: withOrWithout(sync.present, input.participantId, input.present) };
    case 'typing':
      return { ...sync, typing: withOrWithout(sync.typing, input.participantId, input.typing) };
    case 'event':
      return hear(sync, [input.event]);
    case 'announced':
      return input.sequence <= sync.head ? sync : { ...sync, head: input.sequence };
    case 'delta': {
      const streams = addDelta(sync.streams, input.delta);
      return streams === sync.streams ? sync : { ...sync, streams };
    }
    case 'state':
      return takeState(sync, input);
    case 'events':
      return takeEvents(sync, input);
    case 'failed':
      return fail(sync, input);
    case 'paging':
      return sync.timeline === undefined ? sync : { ...sync, timeline: beginPaging(sync.timeline) };
    case 'page':
      return sync.timeline === undefined ? sync : { ...sync, timeline: endPaging(sync.timeline, input.page) };
  }
}

function hear(sync: Sync, events: readonly ChatEvent[]): Sync {
  const head = events.reduce((highest, { sequence }) => Math.max(highest, sequence), sync.head);
  if (sync.timeline === undefined) return { ...sync, head, queued: [...sync.queued, ...events] };
  const timeline = receive(sync.timeline, events);
  if (timeline === sync.timeline) return sync;
  const typing = events.reduce(
    (ids, event) => (event.type === 'message.sent' ? withOrWithout(ids, event.data.author, false) : ids),
    sync.typing,
  );
  return { ...sync, head, timeline, typing };
}

function takeState(sync: Sync, { request, state }: SyncInput & { type: 'state' }): Sync {
  const told = takeLive({ ...sync, trouble: undefined }, state.live);
  if (request.fetch !== 'state') return told;
  const caughtUp = { ...told, needsState: false, verified: request.subscription };
  if (sync.needsState === 'anew') {
    // What was told while this was asked is not to be told apart from what was set back: it is asked for again.
    return { ...caughtUp, verified: -1, timeline: timelineOf(state.chat), head: state.chat.sequence };
  }
  return hear({ ...caughtUp, timeline: brought(sync.timeline, state.chat), queued: [] }, sync.queued);
}

function brought(timeline: Timeline | undefined, chat: Chat): Timeline {
  return timeline === undefined ? timelineOf(chat) : replace(timeline, chat);
}

function takeEvents(sync: Sync, { request, events, head }: SyncInput & { type: 'events' }): Sync {
  if (request.fetch !== 'events') return sync;
  // The server knows less than it has told: it was set back to an earlier moment.
  if (head < request.after) return { ...sync, trouble: undefined, needsState: 'anew' };
  const told = hear({ ...sync, trouble: undefined, head: Math.max(sync.head, head) }, events);
  const complete = (told.timeline?.chat.sequence ?? 0) >= head;
  return complete ? { ...told, verified: Math.max(told.verified, request.subscription) } : told;
}

function takeLive(sync: Sync, live: LiveState): Sync {
  const streams = mergeTexts(sync.streams, live.replies);
  // The channel knows better who is there, and who is writing, once it is joined.
  if (sync.timeline !== undefined) return { ...sync, streams };
  const present = sync.link === 'subscribed' ? sync.present : live.present;
  const typing = [...new Set([...live.typing, ...sync.typing])];
  return { ...sync, streams, present, typing };
}

function fail(sync: Sync, { request, error, retryable }: SyncInput & { type: 'failed' }): Sync {
  if (retryable) return { ...sync, trouble: error };
  // Perhaps these events are not to be had any more; if it is more than that, the next answer says so.
  if (request.fetch === 'events') return { ...sync, needsState: true };
  return { ...sync, forbidden: error, trouble: undefined };
}

/** Replies that are over need no words any more; those that are not known yet may be about to be. */
function forgetEndedReplies(sync: Sync): Sync {
  const { timeline } = sync;
  if (timeline === undefined || sync.head > timeline.chat.sequence) return sync;
  const running = new Set(timeline.chat.aiReplies.map(({ responseId }) => responseId));
  const streams = keepOnly(sync.streams, running);
  return streams === sync.streams ? sync : { ...sync, streams };
}

function withOrWithout(ids: readonly string[], id: string, present: boolean): readonly string[] {
  if (ids.includes(id) === present) return ids;
  return present ? [...ids, id] : ids.filter((other) => other !== id);
}
