import type { ExpectedSequence } from './event-log.ts';

/** Whether a stream whose last sequence is `head` is as an append expects it. */
export function isAsExpected(head: number, expected: ExpectedSequence): boolean {
  if (expected === 'any') return true;
  if (expected === 'none') return head === 0;
  if (expected === 'exists') return head > 0;
  return head === expected;
}
