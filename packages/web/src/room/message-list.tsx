import type { Message } from '@parley/client';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { dayName, isSameDay } from '../ui/times.ts';
import { MessageRow } from './message-row.tsx';
import { OutgoingRow } from './outgoing-row.tsx';
import { useRoom } from './room-context.tsx';
import { StreamingReply } from './streaming-reply.tsx';

const groupWithin = 5 * 60_000;

/** Everything that was said, what is being said, and what is on its way. */
export function MessageList() {
  const { session, view, chat, me } = useRoom();
  const list = useRef<HTMLDivElement>(null);
  const { atBottom, onScroll, toBottom } = useStickToBottom(list);
  const { messages } = view;
  const last = messages.at(-1)?.sequence ?? 0;

  // Where one had read to when the chat was opened.
  const [readAtFirst] = useState(chat.readMarkers[me.participantId] ?? 0);
  useReading(last, atBottom);
  useShowLinked(messages);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={list}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain px-3 py-4 md:px-6"
      >
        <div className="mx-auto flex min-h-full max-w-3xl flex-col justify-end">
          {view.hasOlder && (
            <Button small className="mx-auto mb-4" onClick={() => void session.loadOlder()}>
              Show earlier messages
            </Button>
          )}
          {messages.length === 0 && view.outbox.length === 0 && (
            <p className="m-auto py-12 text-center font-display text-lg text-soft">
              Nothing has been said yet.
            </p>
          )}
          <div role="log" aria-label="Messages">
            {messages.map((message, index) => (
              <Entry
                key={message.id}
                message={message}
                before={messages[index - 1]}
                firstUnread={isFirstUnread(messages, index, readAtFirst, me.participantId)}
              />
            ))}
          </div>
          {view.replies.map((reply) => (
            <StreamingReply key={reply.responseId} reply={reply} />
          ))}
          {view.outbox.map((message) => (
            <OutgoingRow key={message.id} message={message} />
          ))}
        </div>
      </div>
      {!atBottom && (
        <Button
          small
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-lg"
          onClick={toBottom}
        >
          <ArrowDown aria-hidden className="size-4" /> To the latest
        </Button>
      )}
    </div>
  );
}

interface EntryProps {
  message: Message;
  before: Message | undefined;
  firstUnread: boolean;
}

function Entry({ message, before, firstUnread }: EntryProps) {
  const newDay = before === undefined || !isSameDay(before.at, message.at);
  const grouped =
    !newDay &&
    !firstUnread &&
    before.author === message.author &&
    message.replyTo === undefined &&
    Date.parse(message.at) - Date.parse(before.at) < groupWithin;
  return (
    <>
      {newDay && <Divider text={dayName(message.at)} />}
      {firstUnread && <Divider text="New" accent />}
      <MessageRow message={message} grouped={grouped} />
    </>
  );
}

function Divider({ text, accent = false }: { text: string; accent?: boolean }) {
  return (
    <p
      className={`my-4 flex items-center gap-3 text-xs ${accent ? 'text-warm' : 'text-soft'} before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line`}
    >
      {text}
    </p>
  );
}

function isFirstUnread(messages: readonly Message[], index: number, read: number, self: string): boolean {
  const unread = (message: Message | undefined) =>
    message !== undefined && message.sequence > read && message.author !== self;
  return read > 0 && unread(messages[index]) && !messages.slice(0, index).some(unread);
}

/** Says how far one has read: to the end, when the end is in sight and the page is looked at. */
function useReading(last: number, atBottom: boolean): void {
  const { session } = useRoom();
  useEffect(() => {
    function read() {
      if (atBottom && last > 0 && document.visibilityState === 'visible')
        void session.markRead().catch(() => {});
    }
    const timer = setTimeout(read, 400);
    document.addEventListener('visibilitychange', read);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', read);
    };
  }, [session, last, atBottom]);
}

/** Shows the message that the address names, as a search hit does. */
function useShowLinked(messages: readonly Message[]): void {
  const wanted = location.hash.slice(1);
  const found = wanted !== '' && messages.some(({ id }) => id === wanted);
  useEffect(() => {
    if (found) document.getElementById(`message-${wanted}`)?.scrollIntoView({ block: 'center' });
  }, [found, wanted]);
}

/** Keeps the end in sight as it grows, unless one has scrolled away from it; and one's place when older ones come. */
function useStickToBottom(list: React.RefObject<HTMLDivElement | null>) {
  const { session, view } = useRoom();
  const [atBottom, setAtBottom] = useState(true);
  const distance = useRef(0);
  const firstId = view.messages[0]?.id;
  const before = useRef(firstId);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    if (atBottom) element.scrollTop = element.scrollHeight;
    // What came above pushes down what one looks at; the distance to the end stays the same.
    else if (before.current !== firstId) element.scrollTop = element.scrollHeight - distance.current;
    before.current = firstId;
    distance.current = element.scrollHeight - element.scrollTop;
  });

  function onScroll() {
    const element = list.current;
    if (element === null) return;
    distance.current = element.scrollHeight - element.scrollTop;
    setAtBottom(distance.current - element.clientHeight < 40);
    if (element.scrollTop < 200 && view.hasOlder) void session.loadOlder();
  }

  function toBottom() {
    setAtBottom(true);
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }
  return { atBottom, onScroll, toBottom };
}
