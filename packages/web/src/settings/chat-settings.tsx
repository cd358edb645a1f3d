import { type Settings, type TurnMode, turnPolicies } from '@parley/client';
import { type FormEvent, useState } from 'react';
import { useSignedIn } from '../app/account.tsx';
import { navigate } from '../app/router.tsx';
import { useRoom } from '../room/room-context.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Problem } from '../ui/problem.tsx';
import { useAction } from '../ui/use-action.ts';
import { modeNames } from './modes.ts';

export function ChatSettings({ onLeft }: { onLeft: () => void }) {
  const { parley } = useSignedIn();
  const { chat, me } = useRoom();
  const { busy, error, run } = useAction();
  const [title, setTitle] = useState(chat.title);
  const [settings, setSettings] = useState<Settings>(chat.settings);
  const [saved, setSaved] = useState(false);
  const readOnly = !me.may.configure;
  const archived = chat.status === 'archived';
  const set = (change: Partial<Settings>) => {
    setSettings({ ...settings, ...change });
    setSaved(false);
  };

  async function save(event: FormEvent) {
    event.preventDefault();
    const done = await run(async () => {
      if (title !== chat.title) await parley.renameChat(chat.id, title);
      await parley.changeSettings(chat.id, settings);
    });
    setSaved(done);
  }

  async function leave() {
    if (await run(() => parley.leave(chat.id))) {
      onLeft();
      navigate('/');
    }
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <fieldset disabled={readOnly} className="space-y-3">
        <TextField
          label="Chat title"
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <SelectField
          label="Turn mode"
          hint={turnPolicies[settings.turnMode].summary}
          value={settings.turnMode}
          onChange={(event) => set({ turnMode: event.target.value as TurnMode })}
        >
          {modeNames.map(([mode, name]) => (
            <option key={mode} value={mode}>
              {name}
            </option>
          ))}
        </SelectField>
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Seconds for a turn"
            hint="Empty: as long as one likes."
            type="number"
            min={5}
            max={86_400}
            value={settings.turnSeconds ?? ''}
            onChange={(event) =>
              set({ turnSeconds: event.target.value === '' ? null : Number(event.target.value) })
            }
          />
          <TextField
            label="Messages a minute"
            hint="For each person, in moderated chats."
            type="number"
            required
            min={1}
            max={600}
            value={settings.messagesPerMinute}
            onChange={(event) => set({ messagesPerMinute: Number(event.target.value) })}
          />
          <TextField
            label="AI messages in a row"
            hint="Then a person must speak."
            type="number"
            required
            min={0}
            max={20}
            value={settings.aiHops}
            onChange={(event) => set({ aiHops: Number(event.target.value) })}
          />
          <TextField
            label="Seconds between AI answers"
            type="number"
            required
            min={0}
            max={3_600}
            value={settings.aiCooldownSeconds}
            onChange={(event) => set({ aiCooldownSeconds: Number(event.target.value) })}
          />
        </div>
      </fieldset>
      <div className="mt-4 space-y-3">
        <Problem>{error}</Problem>
        <div className="flex flex-wrap items-center gap-2">
          {!readOnly && (
            <Button look="primary" type="submit" disabled={busy}>
              Save
            </Button>
          )}
          <span role="status" className="flex-1 text-sm text-soft">
            {saved && 'Saved.'}
          </span>
          {me.may.archive && (
            <Button
              onClick={() =>
                void run(() => (archived ? parley.restoreChat(chat.id) : parley.archiveChat(chat.id)))
              }
            >
              {archived ? 'Restore chat' : 'Archive chat'}
            </Button>
          )}
          <Button look="danger" onClick={() => void leave()}>
            Leave chat
          </Button>
        </div>
      </div>
    </form>
  );
}
