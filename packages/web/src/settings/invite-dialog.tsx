import type { InviteResponse } from '@parley/client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useSignedIn } from '../app/account.tsx';
import { useRoom } from '../room/room-context.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { Problem } from '../ui/problem.tsx';
import { fullTime } from '../ui/times.ts';
import { useAction } from '../ui/use-action.ts';

type InviteRole = 'guest' | 'member' | 'observer' | 'host';

const roles: [InviteRole, string][] = [
  ['guest', 'Guests: come in with a name, and talk'],
  ['member', 'Members: may make an account, and invite others'],
  ['observer', 'Observers: read along'],
  ['host', 'Hosts: steer the chat as you do'],
];

export function InviteDialog({ open, onOpenChange }: { open: boolean; onOpenChange: () => void }) {
  return (
    <Modal
      title="Invite"
      description="Whoever has the link comes in, until it ends or you revoke it."
      open={open}
      onOpenChange={onOpenChange}
    >
      <MakeLink />
      <OpenLinks />
    </Modal>
  );
}

function MakeLink() {
  const { parley } = useSignedIn();
  const { chat, me } = useRoom();
  const { busy, error, run } = useAction();
  const [role, setRole] = useState<InviteRole>('guest');
  const [hours, setHours] = useState(168);
  const [invite, setInvite] = useState<InviteResponse>();
  const [copied, setCopied] = useState(false);
  const choices = me.may.invite ? roles : roles.slice(0, 1);

  async function copy() {
    await navigator.clipboard.writeText(invite?.url ?? '');
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  }

  if (invite !== undefined) {
    return (
      <div className="space-y-3">
        <TextField
          label="Invite link"
          readOnly
          value={invite.url}
          hint={`Shown once. It ends ${fullTime(invite.expiresAt)}.`}
          onFocus={(event) => event.target.select()}
        />
        <Button look="primary" onClick={() => void copy()}>
          {copied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
          {copied ? 'Copied' : 'Copy link'}
        </Button>
      </div>
    );
  }
  return (
    <div className="space-y-3">
      <SelectField label="For" value={role} onChange={(event) => setRole(event.target.value as InviteRole)}>
        {choices.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Ends after"
        value={hours}
        onChange={(event) => setHours(Number(event.target.value))}
      >
        <option value={1}>an hour</option>
        <option value={24}>a day</option>
        <option value={168}>a week</option>
        <option value={720}>a month</option>
      </SelectField>
      <Problem>{error}</Problem>
      <Button
        look="primary"
        disabled={busy}
        onClick={() => void run(async () => setInvite(await parley.createInvite(chat.id, { role, hours })))}
      >
        Create link
      </Button>
    </div>
  );
}

function OpenLinks() {
  const { parley } = useSignedIn();
  const { chat } = useRoom();
  const now = new Date().toISOString();
  const open = chat.invites.filter(({ expiresAt }) => expiresAt > now);
  if (open.length === 0) return null;
  return (
    <section className="mt-6">
      <h3 className="mb-1 text-sm font-medium">Links that are open</h3>
      <ul className="divide-y divide-line text-sm">
        {open.map(({ id, role, uses, expiresAt }) => (
          <li key={id} className="flex items-center gap-2 py-1.5">
            <span className="flex-1 text-soft">
              for {role}s, used {uses} times, until {fullTime(expiresAt)}
            </span>
            <Button small look="danger" onClick={() => void parley.revokeInvite(chat.id, id)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
