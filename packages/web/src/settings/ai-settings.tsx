import type { Participant } from '@parley/client';
import { type FormEvent, useState } from 'react';
import { useSignedIn } from '../app/account.tsx';
import { useRoom } from '../room/room-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useAction } from '../ui/use-action.ts';
import { type AIChoice, AIFields, aiBody, aiSettingsOf, choiceOf, newAI } from './ai-fields.tsx';

/** The AI participants: ask one to answer, change one, bring one in, remove one. */
export function AISettings() {
  const { parley } = useSignedIn();
  const { chat, me, session } = useRoom();
  const { error, run } = useAction();
  const [editing, setEditing] = useState<string>();
  const ais = chat.participants.filter(({ kind, status }) => kind === 'ai' && status === 'joined');
  return (
    <div className="space-y-3">
      <Problem>{error}</Problem>
      {ais.length === 0 && <p className="text-soft">There is no AI participant in this chat.</p>}
      <ul className="divide-y divide-line">
        {ais.map((ai) => (
          <li key={ai.id} className="py-2">
            <div className="flex flex-wrap items-center gap-2">
              <Avatar id={ai.id} name={ai.name} ai />
              <span className="min-w-0 flex-1 truncate">{ai.name}</span>
              {me.may.askAI && (
                <Button small onClick={() => void run(() => session.requestResponse(ai.id))}>
                  Answer now
                </Button>
              )}
              {me.may.configure && (
                <Button small onClick={() => setEditing(editing === ai.id ? undefined : ai.id)}>
                  Change
                </Button>
              )}
              {me.may.moderate && (
                <Button
                  small
                  look="danger"
                  onClick={() => void run(() => parley.removeParticipant(chat.id, ai.id))}
                >
                  Remove
                </Button>
              )}
            </div>
            {editing === ai.id && <AIForm ai={ai} onDone={() => setEditing(undefined)} />}
          </li>
        ))}
      </ul>
      {me.may.invite &&
        (editing === 'new' ? (
          <AIForm onDone={() => setEditing(undefined)} />
        ) : (
          <Button onClick={() => setEditing('new')}>Add an AI participant</Button>
        ))}
    </div>
  );
}

function AIForm({ ai, onDone }: { ai?: Participant; onDone: () => void }) {
  const { parley } = useSignedIn();
  const { chat } = useRoom();
  const { busy, error, run } = useAction();
  const [choice, setChoice] = useState<AIChoice>(ai === undefined ? newAI : choiceOf(ai));

  async function save(event: FormEvent) {
    event.preventDefault();
    const { name, ...settings } = choice;
    const done = await run(() =>
      ai === undefined
        ? parley.addAI(chat.id, aiBody(choice))
        : parley.updateParticipant(chat.id, ai.id, {
            ...(name.trim() === '' ? {} : { name: name.trim() }),
            ai: aiSettingsOf(settings),
          }),
    );
    if (done) onDone();
  }

  return (
    <form onSubmit={(event) => void save(event)} className="mt-3 space-y-3">
      <AIFields value={choice} onChange={setChoice} turnMode={chat.settings.turnMode} />
      <Problem>{error}</Problem>
      <div className="flex gap-2">
        <Button small look="primary" type="submit" disabled={busy}>
          {ai === undefined ? 'Add' : 'Save'}
        </Button>
        <Button small look="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
