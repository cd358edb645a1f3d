import { type ChatEvent, emptyChat, fold } from '@parley/chat';
import { openChat } from '@parley/chat/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginPaging, endPaging, receive, replace, timelineOf } from './timeline.ts';

const scenario = Array.from({ length: 70 }).reduce<ReturnType<typeof openChat>>(
  (chat, _, index) => chat.says(index % 2 ? 'ada' : 'ben', `Message ${index}`),
  openChat({ people: ['ada', 'ben'] }),
);
const { events } = scenario;
const start = 5;
/** The chat as it was after its event number `sequence`. */
const chatAt = (sequence: number) => fold(scenario.chat.id, events.slice(0, sequence));
const begun = () => timelineOf(chatAt(start));
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
    { numRuns: 100 },
  );
});

test('what comes too early waits, and says so', () => {
  const [next, after] = events.slice(start);
  if (next === undefined || after === undefined) throw new Error('Too few events.');
  const before = begun();
  const waiting = receive(before, [after]);
  expect(waiting.early.size).toBe(1);
  expect(waiting.chat).toBe(before.chat);
  expect(receive(waiting, [next]).chat.sequence).toBe(start + 2);
});

test('nothing new leaves the timeline as it is', () => {
  const timeline = begun();
  expect(receive(timeline, events.slice(0, start))).toBe(timeline);
});

test('the server’s state takes the place of a timeline that is far behind, and older pages can be loaded again', () => {
  const replaced = replace(begun(), scenario.chat);
  expect(replaced.chat).toBe(scenario.chat);
  expect(replaced.messages).toEqual(scenario.chat.messages);
  expect(replaced.hasOlder).toBe(true);
  expect(replace(replaced, begun().chat)).toBe(replaced);
});

test('events that came before the state that they follow are not lost', () => {
  const last = events.at(-1);
  if (last === undefined) throw new Error('Too few events.');
  const waiting = receive(begun(), [last]);
  expect(replace(waiting, chatAt(events.length - 1)).chat).toEqual(scenario.chat);
});

test('a page of older messages goes before', () => {
  const all = end().messages;
  const timeline = timelineOf(scenario.chat);
  expect(timeline.hasOlder).toBe(true);
  const before = timeline.messages[0]?.sequence ?? 0;
  const older = all.filter(({ sequence }) => sequence < before);
  const whole = endPaging(beginPaging(timeline), { before, messages: older, hasMore: false });
  expect(whole.messages).toEqual(all);
  expect(whole.hasOlder).toBe(false);
  // A second answer to the same question has no place any more.
  expect(endPaging(beginPaging(whole), { before, messages: older, hasMore: false }).messages).toEqual(all);
});

test('a page that was read before a message in it was changed shows the message as it is now', () => {
  const timeline = timelineOf(scenario.chat);
  const before = timeline.messages[0]?.sequence ?? 0;
  const older = end().messages.filter(({ sequence }) => sequence < before);
  const first = older[0];
  if (first === undefined) throw new Error('Too few messages.');
  const edited = scenario
    .happened({ type: 'message.edited', data: { messageId: first.id, text: 'Better said' } })
    .says('ada', 'And on')
    .events.slice(events.length);
  const whole = endPaging(receive(beginPaging(timeline), edited), {
    before,
    messages: older,
    hasMore: false,
  });
  expect(whole.messages[0]?.text).toBe('Better said');
  expect(whole.messages).toHaveLength(71);
});

test('a page that no longer joins what is loaded is left out', () => {
  const timeline = timelineOf(chatAt(60));
  const before = timeline.messages[0]?.sequence ?? 0;
  const older = end().messages.filter(({ sequence }) => sequence < before);
  const replaced = replace(beginPaging(timeline), scenario.chat);
  const after = endPaging(replaced, { before, messages: older, hasMore: false });
  expect(after.messages).toEqual(scenario.chat.messages);
  expect(after.hasOlder).toBe(true);
});

test('an empty chat has nothing older', () => {
  expect(timelineOf(emptyChat('c', scenario.chat.settings)).hasOlder).toBe(false);
});
