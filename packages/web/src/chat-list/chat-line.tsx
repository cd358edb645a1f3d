import type { ChatListItem } from '@parley/client';
import { useSignedIn } from '../app/account.tsx';
import { Link } from '../app/router.tsx';
import { listTime } from '../ui/times.ts';

/** One chat of the list. */
export function ChatLine({ chat, open }: { chat: ChatListItem; open: boolean }) {
  const { me } = useSignedIn();
  const { lastMessage: last } = chat;
  const author = chat.participants.find(({ id }) => id === last?.author);
  const who = last?.author === me.user.id ? 'You' : shortName(author?.name ?? '');
  const unread = chat.unread >= 100 ? '99+' : String(chat.unread);
  return (
    <Link
      href={`/chats/${chat.id}`}
      aria-current={open ? 'page' : undefined}
      className={`block rounded-xl px-3 py-2.5 ${open ? 'bg-tint' : 'hover:bg-surface'}`}
    >
      <span className="flex items-baseline gap-2">
        <span className={`flex-1 truncate ${chat.unread > 0 ? 'font-semibold' : 'font-medium'}`}>
          {chat.title}
        </span>
        <time dateTime={chat.updatedAt} className="shrink-0 text-xs text-soft">
          {listTime(chat.updatedAt)}
        </time>
      </span>
      <span className="flex items-center gap-2">
        <span className="flex-1 truncate text-sm text-soft">
          {last === null ? 'Nothing said yet' : `${who ? `${who}: ` : ''}${plain(last.text)}`}
        </span>
        {chat.unread > 0 && (
          <span className="shrink-0 rounded-full bg-accent px-1.5 text-xs font-semibold text-on-accent">
            {unread}
            <span className="sr-only"> unread</span>
          </span>
        )}
      </span>
    </Link>
  );
}

const shortName = (name: string) => name.replace(/\s*\(.*\)$/, '');
const plain = (text: string) => text.replace(/[*_`#>]+/g, '').replace(/\s+/g, ' ');
