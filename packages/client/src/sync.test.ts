import { type ChatEvent, fold } from '@parley/chat';
import { openChat, type Scenario, uuidFor } from '@parley/chat/testing';
import { describe, expect, test } from 'vitest';
import { advance, isLive, nextRequest, type Sync, type SyncInput, unsynced } from './sync.ts';

const talk = Array.from({ length: 10 }).reduce<Scenario>(
  (chat, _, index) => chat.says(index % 2 ? 'ada' : 'ben', `Message ${index}`),
  openChat({ people: ['ada', 'ben'], ais: [{ id: 'ai', policy: 'never' }] }),
);
const { events } = talk;
const head = events.length;
const live = { present: ['ada'], typing: ['ben'], replies: {} };

const chatAt = (sequence: number) => fold(talk.chat.id, events.slice(0, sequence));
const eventAt = (sequence: number): ChatEvent => {
  const event = events[sequence - 1];
  if (event === undefined) throw new Error(`There is no event ${sequence}.`);
  return event;
};
const hear = (sequence: number): SyncInput => ({ type: 'event', event: eventAt(sequence) });
const after = (...inputs: SyncInput[]) => inputs.reduce(advance, unsynced);

/** Answers what is asked, as a server that has `end` events would, until nothing is asked any more. */
function answered(sync: Sync, end = head): Sync {
  for (let request = nextRequest(sync); request !== undefined; request = nextRequest(sync)) {
    sync = advance(
      sync,
      request.fetch === 'events'
        ? { type: 'events', request, events: events.slice(request.after, end), head: end }
        : { type: 'state', request, state: { chat: chatAt(end), live } },
    );
  }
  return sync;
}

/** A chat that is live after its event number `end`. */
const liveAt = (end: number) => answered(after({ type: 'subscribed', present: ['ada', 'ben'] }), end);

describe('opening', () => {
  test('the state is asked for at once, and the events after it once the channel is joined', () => {
    const opened = answered(unsynced, 6);
    expect(opened.timeline?.chat.sequence).toBe(6);
    expect(opened).toMatchObject({ present: ['ada'], typing: ['ben'] });
    expect(isLive(opened)).toBe(false);
    const joined = advance(opened, { type: 'subscribed', present: ['ada', 'ben'] });
    expect(nextRequest(joined)).toMatchObject({ fetch: 'events', after: 6 });
    const done = answered(joined, 8);
    expect(done.timeline?.chat).toEqual(chatAt(8));
    expect(done.present).toEqual(['ada', 'ben']);
    expect(isLive(done)).toBe(true);
  });

  test('an answer to a question from before the channel was joined proves nothing', () => {
    const request = nextRequest(unsynced);
    if (request === undefined) throw new Error('Nothing is asked.');
    const joined = after({ type: 'subscribed', present: [] });
    const told = advance(joined, { type: 'state', request, state: { chat: chatAt(6), live } });
    expect(nextRequest(told)).toMatchObject({ fetch: 'events', after: 6 });
  });

  test('what the channel tells before the state is there is applied to it', () => {
    const early = after({ type: 'subscribed', present: [] }, hear(8), hear(7), hear(6));
    expect(answered(early, 6).timeline?.chat).toEqual(chatAt(8));
  });
});

describe('holes', () => {
  test('an event after a hole waits until the hole is fetched', () => {
    const holed = advance(liveAt(5), hear(8));
    expect(holed.timeline?.chat.sequence).toBe(5);
    expect(isLive(holed)).toBe(false);
    expect(nextRequest(holed)).toMatchObject({ fetch: 'events', after: 5 });
    expect(answered(holed, 7).timeline?.chat).toEqual(chatAt(8));
  });

  test('an event that was too large to be told is fetched', () => {
    const told = advance(liveAt(5), { type: 'announced', sequence: 6 });
    expect(nextRequest(told)).toMatchObject({ fetch: 'events', after: 5 });
    expect(advance(liveAt(5), { type: 'announced', sequence: 5 })).toMatchObject({ head: 5 });
  });

  test('doubled events change nothing', () => {
    const sync = liveAt(8);
    expect(advance(sync, hear(8))).toBe(sync);
    expect(advance(sync, hear(2))).toBe(sync);
  });

  test('pages go on until the end', () => {
    const holed = advance(liveAt(5), hear(head));
    const request = nextRequest(holed);
    if (request === undefined) throw new Error('Nothing is asked.');
    const page: SyncInput = { type: 'events', request, events: events.slice(5, 7), head };
    expect(nextRequest(advance(holed, page))).toMatchObject({ fetch: 'events', after: 7 });
  });

  test('far behind, the whole state is fetched', () => {
    const far = advance(liveAt(5), { type: 'announced', sequence: 10 });
    expect(nextRequest(far, { farBehind: 4 })).toMatchObject({ fetch: 'state' });
    expect(nextRequest(far, { farBehind: 5 })).toMatchObject({ fetch: 'events' });
  });

  test('when events cannot be had the state is fetched', () => {
    const holed = advance(liveAt(5), hear(8));
    const request = nextRequest(holed);
    if (request === undefined) throw new Error('Nothing is asked.');
    const error = { code: 'http.410', message: 'Gone.' };
    const failed = advance(holed, { type: 'failed', request, error, retryable: false });
    expect(nextRequest(failed)).toMatchObject({ fetch: 'state' });
    expect(answered(failed).timeline?.chat).toEqual(talk.chat);
  });
});

describe('breaks', () => {
  test('after every new subscription the events since are asked for', () => {
    const broken = advance(liveAt(5), { type: 'unsubscribed', link: 'offline' });
    expect(nextRequest(broken)).toBeUndefined();
    expect(isLive(broken)).toBe(false);
    const back = advance(broken, { type: 'subscribed', present: [] });
    expect(nextRequest(back)).toMatchObject({ fetch: 'events', after: 5 });
    expect(answered(back).timeline?.chat).toEqual(talk.chat);
  });

  test('nobody is shown as writing who may have ceased unheard', () => {
    const writing = advance(liveAt(5), { type: 'typing', participantId: 'ben', typing: true });
    expect(advance(writing, { type: 'unsubscribed', link: 'connecting' }).typing).toEqual([]);
  });

  test('a server that was set back takes the client back with it', () => {
    const ahead = advance(liveAt(head), { type: 'subscribed', present: [] });
    const back = answered(ahead, 7);
    expect(back.timeline?.chat).toEqual(chatAt(7));
    expect(isLive(back)).toBe(true);
    expect(advance(back, hear(8)).timeline?.chat).toEqual(chatAt(8));
  });

  test('trouble is told until there is an answer', () => {
    const asking = advance(liveAt(5), hear(8));
    const request = nextRequest(asking);
    if (request === undefined) throw new Error('Nothing is asked.');
    const error = { code: 'network', message: 'No answer.' };
    const troubled = advance(asking, { type: 'failed', request, error, retryable: true });
    expect(troubled.trouble).toEqual(error);
    expect(nextRequest(troubled)).toEqual(request);
    expect(answered(troubled).trouble).toBeUndefined();
  });

  test('who is taken off the channel asks why: if they may still read, they go on; if not, that is the end', () => {
    const refused = advance(liveAt(5), { type: 'refused' });
    const request = nextRequest(refused);
    expect(request).toMatchObject({ fetch: 'state' });
    if (request === undefined) return;
    expect(answered(refused).forbidden).toBeUndefined();
    const error = { code: 'chat.not_found', message: 'There is no such chat.' };
    const ended = advance(refused, { type: 'failed', request, error, retryable: false });
    expect(ended.forbidden).toEqual(error);
    expect(nextRequest(ended)).toBeUndefined();
  });
});

describe('AI replies', () => {
  const asked = talk.by('ada', { type: 'ai_response.request', participantId: 'ai', responseId: uuidFor(77) });
  const running = asked.events
    .slice(head)
    .reduce<Sync>((sync, event) => advance(sync, { type: 'event', event }), liveAt(head));
  const responseId = asked.chat.aiReplies[0]?.responseId ?? '';
  const words = (offset: number, text: string): SyncInput => ({
    type: 'delta',
    delta: { responseId, participantId: 'ai', offset, text },
  });

  test('words that are missing are fetched, and those that came meanwhile are kept', () => {
    const holed = [words(0, 'Ada '), words(9, 'Ben')].reduce(advance, running);
    const request = nextRequest(holed);
    expect(request).toEqual({ fetch: 'replies' });
    expect(isLive(holed)).toBe(true);
    if (request === undefined) return;
    const state = { chat: chatAt(3), live: { ...live, replies: { [responseId]: 'Ada asks ' } } };
    const filled = advance(advance(holed, words(12, ' now')), { type: 'state', request, state });
    expect(filled.streams[responseId]?.text).toBe('Ada asks Ben now');
    expect(filled.timeline).toBe(running.timeline);
    expect(nextRequest(filled)).toBeUndefined();
  });

  test('words of a reply that is over are forgotten', () => {
    const ended = asked.happened({
      type: 'ai_response.stopped',
      data: { responseId, participantId: 'ai', by: 'ada' },
    });
    const last = ended.events.at(-1);
    if (last === undefined) throw new Error('Nothing happened.');
    const told = advance(advance(running, words(0, 'Ada ')), { type: 'event', event: last });
    expect(told.streams).toEqual({});
    expect(advance(told, words(4, 'late')).streams).toEqual({});
  });
});
