import type { ChatView } from '@parley/client';
import { Square } from 'lucide-react';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Markdown } from './markdown.tsx';
import { nameOf, useRoom } from './room-context.tsx';

const reasons: Record<string, string> = {
  always: 'It answers every message.',
  mentioned: 'It was mentioned.',
  question: 'Somebody asked a question.',
  every_n: 'It answers every few messages.',
  after_message: 'In this turn mode it answers every message.',
  round_end: 'The round is complete.',
  asked: 'It was asked to.',
  regenerate: 'Another answer was asked for.',
};

/** An AI's answer while it is being written. Kept out of the log, so that it is read out once and not word by word. */
export function StreamingReply({ reply }: { reply: ChatView['replies'][number] }) {
  const { chat, me, session } = useRoom();
  const name = nameOf(chat, reply.participantId);
  return (
    <article aria-label={`${name} is answering`} aria-busy className="mt-3 flex gap-3">
      <Avatar id={reply.participantId} name={name} ai />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2 text-sm" title={reasons[reply.reason] ?? reply.reason}>
          <span className="truncate font-semibold">{name}</span>
          <span className="shrink-0 text-xs text-soft">
            {reply.text === '' ? 'is thinking …' : 'is writing …'}
          </span>
          {me.may.stopAI && (
            <Button small look="quiet" onClick={() => void session.stopResponse(reply.responseId)}>
              <Square aria-hidden className="size-3" /> Stop
            </Button>
          )}
        </p>
        <div data-streaming className={reply.text === '' ? '' : 'caret'}>
          <Markdown text={reply.text} />
        </div>
      </div>
    </article>
  );
}
