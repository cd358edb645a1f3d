import type { ChatEvent } from '@parley/chat';
import { openChat } from '@parley/chat/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepend, receive, replace, timelineOf } from './timeline.ts';

const scenario = Array.from({ length: 30 }).reduce<ReturnType<typeof openChat>>(
  (chat, _, index) => chat.says(index % 2 ? 'ada' : 'ben', `Message ${index}`),
  openChat({ people: ['ada', 'ben'] }),
);
const { events } = scenario;
const start = 5;
const begun = () => {
  const early = events.slice(0, start);
  const chat = early.reduce((timeline, event) => receive(timeline, [event]), timelineOf(emptied())).chat;
  return timelineOf(chat);
};
const emptied = () => ({
  ...scenario.chat,
  sequence: 0,
  messages: [],
  messageCount: 0,
  participants: [],
  readMarkers: {},
  aiActivity: {},
});
const end = () => events.slice(start).reduce((timeline, event) => receive(timeline, [event]), begun());

test('events in any order, doubled, in any portions, end in the same chat with every message once', () => {
  const deliveries = fc
    .array(fc.subarray([...events]), { maxLength: 6 })
    .chain((portions) =>
      fc.shuffledSubarray([...events], { minLength: events.length }).map((rest) => [...portions, rest]),
    );
  fc.assert(
    fc.property(deliveries, (portions: ChatEvent[][]) => {
      const final = portions.reduce(receive, begun());
      expect(final.early.size).toBe(0);
      expect(final.chat).toEqual(end().chat);
      expect(final.messages).toEqual(end().messages);
    }),
    { numRuns: 200 },
  );
});

test('what comes too early waits, and says so', () => {
  const [next, after] = events.slice(start);
  if (next === undefined || after === undefined) throw new Error('Too few events.');
  const waiting = receive(begun(), [after]);
  expect(waiting.early.size).toBe(1);
  expect(waiting.chat).toBe(waiting.chat);
  expect(waiting.chat.sequence).toBe(start);
  expect(receive(waiting, [next]).chat.sequence).toBe(start + 2);
});

test('nothing new leaves the timeline as it is', () => {
  const timeline = begun();
  expect(receive(timeline, events.slice(0, start))).toBe(timeline);
});

test('the server’s state takes the place of a timeline that is far behind; a newer one stays', () => {
  const behind = begun();
  const replaced = replace(behind, end().chat);
  expect(replaced.chat.sequence).toBe(events.length);
  expect(replaced.messages).toEqual(end().chat.messages);
  expect(replace(replaced, behind.chat)).toBe(replaced);
});

test('a page of older messages goes before, without those that are there', () => {
  const timeline = end();
  const [, second, ...rest] = timeline.messages;
  if (second === undefined) throw new Error('Too few messages.');
  const late = { ...timeline, messages: [second, ...rest] };
  expect(prepend(late, timeline.messages.slice(0, 3)).messages).toEqual(timeline.messages);
});
