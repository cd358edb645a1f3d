import { MessagesSquare } from 'lucide-react';
import { ChatList } from '../chat-list/chat-list.tsx';
import { Room } from '../room/room.tsx';

/** The list of chats beside the one that is open; on a phone, one of the two. */
export default function Workspace({ chatId }: { chatId: string | undefined }) {
  return (
    <div className="flex h-full">
      <a
        href="#main"
        className="sr-only z-50 rounded bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Skip to the conversation
      </a>
      <div
        className={`${chatId === undefined ? 'flex' : 'hidden md:flex'} w-full shrink-0 flex-col border-line md:w-80 md:border-r`}
      >
        <ChatList openChatId={chatId} />
      </div>
      <main
        id="main"
        className={`${chatId === undefined ? 'hidden md:flex' : 'flex'} min-w-0 flex-1 flex-col`}
      >
        {chatId === undefined ? <NothingOpen /> : <Room key={chatId} chatId={chatId} />}
      </main>
    </div>
  );
}

function NothingOpen() {
  return (
    <div className="m-auto max-w-sm p-8 text-center text-soft">
      <MessagesSquare aria-hidden className="mx-auto mb-4 size-10 text-accent" strokeWidth={1.4} />
      <p className="font-display text-xl text-ink">Choose a conversation</p>
      <p className="mt-1">or begin a new one with “New chat”.</p>
    </div>
  );
}
