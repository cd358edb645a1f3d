import type { Participant, Role } from '@parley/client';
import { useSignedIn } from '../app/account.tsx';
import { useRoom } from '../room/room-context.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useAction } from '../ui/use-action.ts';

const roles: Role[] = ['host', 'member', 'guest', 'observer'];

/** Who is in the chat, in joining order, and what each may do. */
export function PeopleSettings() {
  const { chat, me, view } = useRoom();
  const action = useAction();
  const people = chat.participants.filter(({ kind, status }) => kind === 'person' && status === 'joined');
  return (
    <div className="space-y-3">
      <Problem>{action.error}</Problem>
      <ul className="divide-y divide-line">
        {people.map((person) => (
          <li key={person.id} className="flex flex-wrap items-center gap-2 py-2">
            <Avatar id={person.id} name={person.name} present={view.present.includes(person.id)} />
            <span className="min-w-0 flex-1 truncate">
              {person.name}
              {person.id === me.participantId && <span className="text-soft"> (you)</span>}
              {person.muted && <span className="text-warm"> · muted</span>}
            </span>
            {me.may.moderate ? (
              <Steer person={person} run={action.run} />
            ) : (
              <span className="text-sm text-soft">{person.role}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Steer({ person, run }: { person: Participant; run: ReturnType<typeof useAction>['run'] }) {
  const { parley } = useSignedIn();
  const { chat, me } = useRoom();
  const update = (change: { role?: Role; muted?: boolean }) =>
    void run(() => parley.updateParticipant(chat.id, person.id, change));
  return (
    <>
      <select
        aria-label={`Role of ${person.name}`}
        value={person.role}
        onChange={(event) => update({ role: event.target.value as Role })}
        className="rounded-lg border border-line bg-raised px-2 py-1 text-sm"
      >
        {roles.map((role) => (
          <option key={role} value={role}>
            {role}
          </option>
        ))}
      </select>
      {person.id !== me.participantId && (
        <>
          <Button small onClick={() => update({ muted: !person.muted })}>
            {person.muted ? 'Unmute' : 'Mute'}
          </Button>
          <Button
            small
            look="danger"
            onClick={() => void run(() => parley.removeParticipant(chat.id, person.id))}
          >
            Remove
          </Button>
        </>
      )}
    </>
  );
}
