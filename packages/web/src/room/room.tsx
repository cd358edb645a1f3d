import { useEffect, useMemo } from 'react';
import { useSignedIn } from '../app/account.tsx';
import { navigate } from '../app/router.tsx';
import { Button } from '../ui/button.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { CompletionBar } from './completion-bar.tsx';
import { Composer } from './composer.tsx';
import { ConnectionBar } from './connection-bar.tsx';
import { MessageList } from './message-list.tsx';
import { ReplyTarget, useReplyTarget } from './reply-target.tsx';
import { Room as RoomScope } from './room-context.tsx';
import { RoomHeader } from './room-header.tsx';
import { TurnBanner } from './turn-banner.tsx';
import { useChat } from './use-chat.ts';

/** One chat. */
export function Room({ chatId }: { chatId: string }) {
  const { parley } = useSignedIn();
  const opened = useChat(parley, chatId);
  const replyTarget = useReplyTarget();
  const session = opened?.session;
  const view = opened?.view;
  const { chat, me } = view ?? {};
  const title = chat?.title;

  useEffect(() => {
    if (title !== undefined) document.title = `${title} · Parley`;
    return () => {
      document.title = 'Parley';
    };
  }, [title]);

  const room = useMemo(
    () => (session && view && chat && me ? { session, view, chat, me } : undefined),
    [session, view, chat, me],
  );
  if (view?.connection === 'forbidden' || (chat !== undefined && me === undefined)) return <NotHere />;
  if (room === undefined) return view?.connection === 'offline' ? <Waiting label="Offline" /> : <Waiting />;
  return (
    <RoomScope value={room}>
      <ReplyTarget value={replyTarget}>
        <RoomHeader />
        <ConnectionBar />
        <MessageList />
        <CompletionBar />
        <TurnBanner />
        <Composer />
      </ReplyTarget>
    </RoomScope>
  );
}

function NotHere() {
  return (
    <div role="alert" className="m-auto max-w-sm space-y-3 p-8 text-center">
      <p className="font-display text-xl">You are not in this chat</p>
      <p className="text-soft">It does not exist, or you left it, or were removed.</p>
      <Button onClick={() => navigate('/')}>To your chats</Button>
    </div>
  );
}
