import { type TurnMode, turnPolicies } from '@parley/client';
import { type FormEvent, useState } from 'react';
import { useSignedIn } from '../app/account.tsx';
import { navigate } from '../app/router.tsx';
import { type AIChoice, AIFields, aiBody, newAI } from '../settings/ai-fields.tsx';
import { modeNames } from '../settings/modes.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { Problem } from '../ui/problem.tsx';
import { useAction } from '../ui/use-action.ts';

export function NewChat({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Modal title="New chat" open={open} onOpenChange={onOpenChange}>
      <Form onDone={() => onOpenChange(false)} />
    </Modal>
  );
}

function Form({ onDone }: { onDone: () => void }) {
  const { parley } = useSignedIn();
  const { busy, error, run } = useAction();
  const [title, setTitle] = useState('');
  const [turnMode, setTurnMode] = useState<TurnMode>('flexible');
  const [withAI, setWithAI] = useState(true);
  const [ai, setAI] = useState<AIChoice>(newAI);

  function create(event: FormEvent) {
    event.preventDefault();
    void run(async () => {
      const settings = { turnMode };
      const { chatId } = await parley.createChat({ title, settings, ai: withAI ? [aiBody(ai)] : [] });
      onDone();
      navigate(`/chats/${chatId}`);
    });
  }

  return (
    <form onSubmit={create} className="space-y-4">
      <TextField
        label="Title"
        required
        maxLength={200}
        placeholder="What is it about?"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <SelectField
        label="Turn mode"
        hint={turnPolicies[turnMode].summary}
        value={turnMode}
        onChange={(event) => setTurnMode(event.target.value as TurnMode)}
      >
        {modeNames.map(([mode, name]) => (
          <option key={mode} value={mode}>
            {name}
          </option>
        ))}
      </SelectField>
      <label className="flex items-center gap-2 font-medium">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={withAI}
          onChange={(event) => setWithAI(event.target.checked)}
        />
        With an AI participant
      </label>
      {withAI && <AIFields value={ai} onChange={setAI} turnMode={turnMode} />}
      <Problem>{error}</Problem>
      <Button look="primary" type="submit" disabled={busy} className="w-full">
        Create chat
      </Button>
    </form>
  );
}
