import { Check, SendHorizontal, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { useReplyTo } from './reply-target.tsx';
import { nameOf, useRoom } from './room-context.tsx';
import { TypingLine } from './typing-line.tsx';

const longest = 16_000;

export function Composer() {
  const { session, chat, me } = useRoom();
  const { message: replyTo, set: setReplyTo } = useReplyTo();
  const [text, setText] = useDraft(`${me.participantId}.${session.chatId}`);
  const box = useRef<HTMLTextAreaElement>(null);
  const { composer } = me.may;

  useEffect(() => {
    if (replyTo !== undefined) box.current?.focus();
  }, [replyTo]);

  function send() {
    const trimmed = text.trim();
    if (trimmed === '' || !composer.open) return;
    session.send(trimmed, replyTo === undefined ? {} : { replyTo: replyTo.id });
    setText('');
    setReplyTo(undefined);
    box.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    // Enter that ends a composition belongs to the input method.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && replyTo !== undefined) {
      setReplyTo(undefined);
    }
  }

  const done = chat.completion.marked.includes(me.participantId);
  return (
    <form
      className="px-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TypingLine />
      {replyTo !== undefined && (
        <p className="mb-1 flex items-center gap-2 rounded-lg bg-tint px-3 py-1 text-sm">
          <span className="min-w-0 flex-1 truncate">
            Answering <b>{nameOf(chat, replyTo.author)}</b>: {replyTo.text}
          </span>
          <IconButton icon={X} label="Answer nobody" small onClick={() => setReplyTo(undefined)} />
        </p>
      )}
      <div className="flex items-end gap-2 rounded-2xl border border-line bg-raised p-1.5 focus-within:border-accent">
        <textarea
          ref={box}
          aria-label="Message"
          aria-describedby="composer-state"
          rows={1}
          maxLength={longest}
          value={text}
          placeholder={composer.open ? 'Write a message' : ''}
          onChange={(event) => {
            setText(event.target.value);
            if (composer.open) session.typing(event.target.value !== '');
          }}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-48 min-h-9 flex-1 resize-none bg-transparent px-2.5 py-1.5 outline-none"
        />
        {me.may.complete && !done && (
          <IconButton icon={Check} label="Mark as done" onClick={() => void session.markComplete()} />
        )}
        <button
          type="submit"
          aria-label="Send"
          disabled={!composer.open || text.trim() === ''}
          className="inline-flex size-9 shrink-0 items-center justify-center rounded-xl bg-accent text-on-accent disabled:opacity-40"
        >
          <SendHorizontal aria-hidden className="size-5" strokeWidth={1.8} />
        </button>
      </div>
      <p id="composer-state" aria-live="polite" className="min-h-5 px-2 pt-0.5 text-xs text-soft">
        {composer.open
          ? text.length > longest * 0.9
            ? `${longest - text.length} characters left`
            : ''
          : composer.reason}
      </p>
    </form>
  );
}

/** What one has begun to write in a chat, kept until it is sent; `place` names both. */
function useDraft(place: string): [string, (text: string) => void] {
  const key = `parley.draft.${place}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  return [
    text,
    (next) => {
      setText(next);
      if (next === '') sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, next);
    },
  ];
}
