import type { TurnMode } from './fields.ts';

/** How a chat works; a host may change it. */
export interface Settings {
  turnMode: TurnMode;
  /** A turn passes on by itself after so many seconds; null = never. */
  turnSeconds: number | null;
  /** In `moderated` chats, how many messages a person may send a minute. */
  messagesPerMinute: number;
  /** How many AI messages may follow one another before a person must speak. */
  aiHops: number;
  /** An AI participant does not answer of itself sooner than this after its last reply. */
  aiCooldownSeconds: number;
}

/** A chat's settings where nobody chose. Apart from the schemas, so that folding needs no schema library. */
export const defaultSettings: Settings = {
  turnMode: 'flexible',
  turnSeconds: null,
  messagesPerMinute: 2,
  aiHops: 3,
  aiCooldownSeconds: 0,
};
