import type { Actor } from '@parley/chat';
import type { UserKind } from '@parley/chat/api';

/** Who is behind a request. */
export interface Caller {
  id: string;
  name: string;
  kind: UserKind;
  email?: string | undefined;
}

export function mayCreateChats(caller: Caller): boolean {
  return caller.kind !== 'guest';
}

/** The caller as the chat's rules know people. */
export function actorOf(caller: Caller): Actor {
  return { id: caller.id, kind: 'person' };
}
