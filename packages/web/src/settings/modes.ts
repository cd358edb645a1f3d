import type { TurnMode } from '@parley/client';

/** The turn modes, as people call them. */
export const modeNames: readonly [TurnMode, string][] = [
  ['flexible', 'Flexible'],
  ['strict', 'Strict'],
  ['moderated', 'Moderated'],
  ['rounds', 'Rounds'],
];
