import type { Message } from '@parley/client';
import { RotateCcw } from 'lucide-react';
import { memo, useState } from 'react';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { clockTime, fullTime } from '../ui/times.ts';
import { EditMessage } from './edit-message.tsx';
import { Markdown } from './markdown.tsx';
import { MessageActions } from './message-actions.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import { find, nameOf, useRoom } from './room-context.tsx';

export interface MessageRowProps {
  message: Message;
  /** It goes on where the one before it ended: the same author, a moment later. */
  grouped: boolean;
}

/** One message. */
export const MessageRow = memo(function MessageRow({ message, grouped }: MessageRowProps) {
  const { chat, me, view } = useRoom();
  const [editing, setEditing] = useState(false);
  const author = find(chat, message.author);
  const name = nameOf(chat, message.author);
  const ai = author?.kind === 'ai';
  const own = message.author === me.participantId;
  const gone = message.deletedAt !== undefined;
  const present = ai ? undefined : view.present.includes(message.author);

  return (
    <article
      id={`message-${message.id}`}
      data-message-id={message.id}
      aria-label={`${name} said`}
      className={`group relative -mx-2 flex gap-3 rounded-xl px-2 hover:bg-surface target:bg-tint ${grouped ? 'py-0.5' : 'mt-3 py-1'} ${message.replacedBy ? 'opacity-50' : ''}`}
    >
      {grouped ? (
        <span className="w-9 shrink-0" />
      ) : (
        <Avatar id={message.author} name={name} ai={ai} present={present} />
      )}
      <div className="min-w-0 flex-1">
        {!grouped && (
          <p className="flex items-baseline gap-2 text-sm">
            <span className="truncate font-semibold">{own ? `${name} (you)` : name}</span>
            <time dateTime={message.at} title={fullTime(message.at)} className="shrink-0 text-xs text-soft">
              {clockTime(message.at)}
            </time>
          </p>
        )}
        {message.replyTo !== undefined && <Quote messageId={message.replyTo} />}
        {gone ? (
          <p className="text-soft italic">This message was deleted.</p>
        ) : editing ? (
          <EditMessage message={message} onDone={() => setEditing(false)} />
        ) : (
          <>
            <Markdown text={message.text} />
            <Notes message={message} />
            <Reactions message={message} />
          </>
        )}
      </div>
      {!gone && !editing && <MessageActions message={message} onEdit={() => setEditing(true)} />}
    </article>
  );
});

/** What there is to say about a message: edited, replaced, cut short. */
function Notes({ message }: { message: Message }) {
  const { session, me } = useRoom();
  const { response, replacedBy } = message;
  const failed = response?.status === 'failed' && replacedBy === undefined;
  const notes = [
    message.editedAt === undefined ? '' : 'edited',
    replacedBy === undefined ? '' : 'replaced by another answer',
    response?.status === 'stopped' ? 'stopped' : '',
    failed ? (response.message ?? 'The answer broke off.') : '',
  ].filter(Boolean);
  if (notes.length === 0) return null;
  return (
    <p className={`mt-0.5 flex items-center gap-2 text-xs ${failed ? 'text-danger' : 'text-soft'}`}>
      {notes.join(' · ')}
      {failed && me.may.askAI && (
        <Button small look="quiet" onClick={() => void session.regenerate(message.id)}>
          <RotateCcw aria-hidden className="size-3.5" /> Try again
        </Button>
      )}
    </p>
  );
}
