import type { ChatListItem } from '@parley/client';
import { useEffect, useState } from 'react';
import { useSignedIn } from '../app/account.tsx';

/** One's chats, the latest first, kept up to date. Undefined until the first answer. */
export function useChats({ archived }: { archived: boolean }): ChatListItem[] | undefined {
  const { parley } = useSignedIn();
  const [chats, setChats] = useState<ChatListItem[]>();

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    async function fetchChats() {
      const fresh = await parley.listChats({ archived }).catch(() => undefined);
      if (!stopped && fresh !== undefined) setChats(fresh);
    }
    function fetchSoon() {
      // Many things happen at once; one look at the list is enough for all of them.
      timer ??= setTimeout(() => {
        timer = undefined;
        void fetchChats();
      }, 120);
    }
    void fetchChats();
    const stop = parley.onActivity(fetchSoon);
    window.addEventListener('focus', fetchSoon);
    window.addEventListener('online', fetchSoon);
    return () => {
      stopped = true;
      clearTimeout(timer);
      stop();
      window.removeEventListener('focus', fetchSoon);
      window.removeEventListener('online', fetchSoon);
    };
  }, [parley, archived]);

  return chats;
}
