import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDelta, hasHole, keepOnly, mergeTexts, type Streams } from './streams.ts';

const delta = (offset: number, text: string) => ({ responseId: 'r', participantId: 'ai', offset, text });
const textOf = (streams: Streams) => streams.r?.text;

test('words are put together by their place; doubled ones change nothing', () => {
  const two = addDelta(addDelta({}, delta(0, 'Ada ')), delta(4, 'asks'));
  expect(textOf(two)).toBe('Ada asks');
  expect(addDelta(two, delta(0, 'Ada '))).toBe(two);
  expect(textOf(addDelta(two, delta(6, 'ks more')))).toBe('Ada asks more');
});

test('words beyond a hole wait until the server’s text fills it', () => {
  const waiting = addDelta(addDelta({}, delta(0, 'Ada')), delta(9, 'later'));
  expect(textOf(waiting)).toBe('Ada');
  expect(hasHole(waiting.r)).toBe(true);
  const filled = mergeTexts(waiting, { r: 'Ada asks ' });
  expect(textOf(filled)).toBe('Ada asks later');
  expect(hasHole(filled.r)).toBe(false);
});

test('words in any order, cut and doubled in any way, end in the same text', () => {
  const text = 'Ada asks Ben what he would like to see first.';
  const piece = fc
    .tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 12 }))
    .map(([at, length]) => delta(at, text.slice(at, at + length)));
  const whole = [...text].map((letter, at) => delta(at, letter));
  const pieces = fc
    .array(piece, { maxLength: 20 })
    .chain((more) => fc.shuffledSubarray([...more, ...whole], { minLength: more.length + whole.length }));
  fc.assert(
    fc.property(pieces, (deltas) => {
      const streams = deltas.reduce<Streams>(addDelta, {});
      expect(streams.r).toEqual({ text, early: [] });
    }),
    { numRuns: 100 },
  );
});

test('the server’s text wins where it is further', () => {
  const streams = mergeTexts({}, { r: 'Ada', s: 'more here' });
  const merged = mergeTexts(streams, { r: 'Ada asks', s: 'more' });
  expect([merged.r?.text, merged.s?.text]).toEqual(['Ada asks', 'more here']);
  expect(Object.keys(keepOnly(merged, new Set(['s'])))).toEqual(['s']);
});
