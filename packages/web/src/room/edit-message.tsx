import type { Message } from '@parley/client';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useAction } from '../ui/use-action.ts';
import { useRoom } from './room-context.tsx';

export function EditMessage({ message, onDone }: { message: Message; onDone: () => void }) {
  const { session } = useRoom();
  const { busy, error, run } = useAction();
  const [text, setText] = useState(message.text);

  async function save(event?: FormEvent) {
    event?.preventDefault();
    if (text.trim() === '') return;
    if (text === message.text || (await run(() => session.edit(message.id, text)))) onDone();
  }

  return (
    <form onSubmit={(event) => void save(event)} className="space-y-2 py-1">
      <textarea
        // biome-ignore lint/a11y/noAutofocus: one has just chosen to write here
        autoFocus
        aria-label="Edit message"
        value={text}
        maxLength={16_000}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            void save();
          }
        }}
        className="field-sizing-content max-h-60 w-full rounded-lg border border-line bg-raised px-3 py-2"
      />
      <Problem>{error}</Problem>
      <div className="flex gap-2">
        <Button small look="primary" type="submit" disabled={busy}>
          Save
        </Button>
        <Button small look="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
