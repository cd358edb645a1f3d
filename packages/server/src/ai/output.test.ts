import { expect, test } from 'vitest';
import { cleaner } from './output.ts';

function clean(pieces: string[], name = 'Helper'): string {
  const output = cleaner(name);
  return pieces.map((piece) => output.take(piece)).join('') + output.end();
}

test('its own name in front is left out, in however many pieces it comes', () => {
  expect(clean(['Hel', 'per', ': ', 'Hello'])).toBe('Hello');
  expect(clean(['Helper: Hello'])).toBe('Hello');
  expect(clean(['Helpers: are many'])).toBe('Helpers: are many');
  expect(clean(['He', 'llo'])).toBe('Hello');
  expect(clean(['Help'])).toBe('Help');
});

test('characters stay whole where the pieces cut them', () => {
  const [high = '', low = ''] = ['👋'[0], '👋'[1]];
  expect(clean(['Hi ', high, `${low}!`])).toBe('Hi 👋!');
  expect(clean(['Hi ', high]).isWellFormed()).toBe(true);
});

test('control characters are left out, line breaks and tabs stay', () => {
  expect(clean(['a\u0000b\u001bc\n\td\u2028'])).toBe('abc\n\td');
});

test('at most 16,000 characters', () => {
  expect(clean(Array.from({ length: 20 }, () => 'x'.repeat(1_000)))).toHaveLength(16_000);
});
