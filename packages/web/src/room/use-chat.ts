import type { ChatSession, ChatView, Parley } from '@parley/client';
import { useEffect, useState, useSyncExternalStore } from 'react';

/** Follows a chat as long as the component is there. */
export function useChat(
  parley: Parley,
  chatId: string,
): { session: ChatSession; view: ChatView } | undefined {
  const [session, setSession] = useState<ChatSession>();
  useEffect(() => {
    const opened = parley.openChat(chatId);
    setSession(opened);
    return () => {
      opened.close();
      setSession(undefined);
    };
  }, [parley, chatId]);

  const view = useSyncExternalStore(session?.subscribe ?? subscribeToNothing, session?.getSnapshot ?? noView);
  return session && view && { session, view };
}

const subscribeToNothing = () => () => {};
const noView = () => undefined;
