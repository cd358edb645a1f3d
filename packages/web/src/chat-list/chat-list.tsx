import { Archive, Search, SquarePen, X } from 'lucide-react';
import { useState } from 'react';
import { useSignedIn } from '../app/account.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ChatLine } from './chat-line.tsx';
import { NewChat } from './new-chat.tsx';
import { SearchHits } from './search-hits.tsx';
import { useChats } from './use-chats.ts';

export function ChatList({ openChatId }: { openChatId: string | undefined }) {
  const { me } = useSignedIn();
  const [archived, setArchived] = useState(false);
  const [words, setWords] = useState('');
  const [creating, setCreating] = useState(false);
  const chats = useChats({ archived });

  return (
    <>
      <header className="flex items-center gap-1 px-4 pt-[max(0.75rem,env(safe-area-inset-top))] pb-2">
        <h1 className="flex flex-1 items-center gap-2 font-display text-xl">
          <img src="/favicon.svg" alt="" className="size-6" />
          Parley
        </h1>
        <IconButton
          icon={Archive}
          label={archived ? 'Show open chats' : 'Show archived chats'}
          aria-pressed={archived}
          className={archived ? 'bg-tint text-accent' : ''}
          onClick={() => setArchived(!archived)}
        />
        {me.mayCreateChats && (
          <IconButton icon={SquarePen} label="New chat" onClick={() => setCreating(true)} />
        )}
        <AccountMenu />
      </header>
      <div className="relative px-4 pb-2">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-7 size-4 text-soft" />
        <input
          type="search"
          aria-label="Search messages"
          placeholder="Search messages"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          className="w-full rounded-lg border border-line bg-raised py-1.5 pr-8 pl-9 [&::-webkit-search-cancel-button]:hidden"
        />
        {words !== '' && (
          <IconButton
            icon={X}
            label="Clear search"
            small
            className="absolute top-1 right-5"
            onClick={() => setWords('')}
          />
        )}
      </div>
      <nav aria-label="Chats" className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {words.trim() !== '' ? (
          <SearchHits words={words} />
        ) : chats === undefined ? (
          <Waiting />
        ) : chats.length === 0 ? (
          <Empty archived={archived} />
        ) : (
          <ul>
            {chats.map((chat) => (
              <li key={chat.id}>
                <ChatLine chat={chat} open={chat.id === openChatId} />
              </li>
            ))}
          </ul>
        )}
      </nav>
      <NewChat open={creating} onOpenChange={setCreating} />
    </>
  );
}

function Empty({ archived }: { archived: boolean }) {
  const text = archived ? 'Nothing is archived.' : 'No chats yet. Begin one, or open an invite link.';
  return <p className="px-4 py-10 text-center text-soft">{text}</p>;
}
