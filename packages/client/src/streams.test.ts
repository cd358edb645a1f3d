import { expect, test } from 'vitest';
import { addDelta, keepOnly, mergeStreams } from './streams.ts';

const delta = (offset: number, text: string) => ({ responseId: 'r', participantId: 'ai', offset, text });

test('words are put together by their place; doubled ones change nothing', () => {
  const one = addDelta({}, delta(0, 'Ada '));
  const two = addDelta(one ?? {}, delta(4, 'asks'));
  expect(two).toEqual({ r: 'Ada asks' });
  expect(addDelta(two ?? {}, delta(0, 'Ada '))).toBe(two);
  expect(addDelta(two ?? {}, delta(6, 'ks more'))).toEqual({ r: 'Ada asks more' });
});

test('a hole is noticed', () => {
  expect(addDelta({ r: 'Ada' }, delta(9, 'later'))).toBeUndefined();
});

test('the server’s text wins where it is further', () => {
  expect(mergeStreams({ r: 'Ada', s: 'more here' }, { r: 'Ada asks', s: 'more' })).toEqual({
    r: 'Ada asks',
    s: 'more here',
  });
  expect(keepOnly({ r: 'x', s: 'y' }, new Set(['s']))).toEqual({ s: 'y' });
});
