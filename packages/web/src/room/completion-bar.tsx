import { CheckCheck } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { nameOf, useRoom } from './room-context.tsx';

/** Who considers the conversation done. */
export function CompletionBar() {
  const { chat, me, session } = useRoom();
  const { marked, reachedAt } = chat.completion;
  const mine = marked.includes(me.participantId);
  if (marked.length === 0) return null;
  const text =
    reachedAt !== null
      ? 'Everybody has marked this conversation as done.'
      : `${marked.map((id) => (id === me.participantId ? 'You' : nameOf(chat, id))).join(', ')} marked it as done.`;
  return (
    <section
      aria-label="Completion"
      className="flex items-center gap-2 border-t border-line bg-tint px-4 py-1.5 text-sm md:px-6"
    >
      <CheckCheck aria-hidden className="size-4 text-accent" />
      <span className="flex-1" aria-live="polite">
        {text}
      </span>
      {me.may.complete && (
        <Button small onClick={() => void (mine ? session.withdrawComplete() : session.markComplete())}>
          {mine ? 'Not done yet' : 'Mark as done'}
        </Button>
      )}
    </section>
  );
}
