import type { OutgoingMessage } from '@parley/client';
import { Clock } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Markdown } from './markdown.tsx';
import { useRoom } from './room-context.tsx';

/** A message on its way, or held up. */
export function OutgoingRow({ message }: { message: OutgoingMessage }) {
  const { session } = useRoom();
  const failed = message.status === 'failed';
  return (
    <article
      data-message-id={message.id}
      data-status={message.status}
      aria-label="You are sending"
      className="mt-2 flex gap-3"
    >
      <span className="w-9 shrink-0" />
      <div className="min-w-0 flex-1">
        <div className="opacity-60">
          <Markdown text={message.text} />
        </div>
        {failed ? (
          <p role="alert" className="flex flex-wrap items-center gap-2 text-sm text-danger">
            Not sent: {message.error?.message}
            <Button small onClick={() => session.retry(message.id)}>
              Try again
            </Button>
            <Button small look="quiet" onClick={() => session.discard(message.id)}>
              Discard
            </Button>
          </p>
        ) : (
          <p className="flex items-center gap-1 text-xs text-soft">
            <Clock aria-hidden className="size-3" /> Sending …
          </p>
        )}
      </div>
    </article>
  );
}
