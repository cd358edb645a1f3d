import type { Chat, ChatSession, ChatView, Participant } from '@parley/client';
import { createContext, useContext } from 'react';

/** The chat that is open, for everything inside its room. */
export interface RoomContext {
  session: ChatSession;
  view: ChatView;
  chat: Chat;
  me: NonNullable<ChatView['me']>;
}

export const Room = createContext<RoomContext | undefined>(undefined);

export function useRoom(): RoomContext {
  const room = useContext(Room);
  if (room === undefined) throw new Error('useRoom needs a room around it.');
  return room;
}

/** Somebody's name in this chat, also when they have left. */
export function nameOf(chat: Chat, id: string | null | undefined): string {
  return chat.participants.find((participant) => participant.id === id)?.name ?? 'Somebody';
}

export function find(chat: Chat, id: string): Participant | undefined {
  return chat.participants.find((participant) => participant.id === id);
}
