import { ArrowLeft, Settings, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Link } from '../app/router.tsx';
import { InviteDialog } from '../settings/invite-dialog.tsx';
import { modeNames } from '../settings/modes.ts';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { useRoom } from './room-context.tsx';

export function RoomHeader() {
  const { chat, view, me } = useRoom();
  const [dialog, setDialog] = useState<'invite' | 'settings'>();
  const present = chat.participants.filter(({ status }) => status === 'joined');
  const mode = modeNames.find(([id]) => id === chat.settings.turnMode)?.[1];
  const here = present.filter(({ id, kind }) => kind === 'person' && view.present.includes(id)).length;

  return (
    <header className="flex items-center gap-2 border-b border-line px-3 pt-[max(0.5rem,env(safe-area-inset-top))] pb-2 md:px-5">
      <Link
        href="/"
        aria-label="Back to your chats"
        className="inline-flex size-9 items-center justify-center rounded-lg text-soft hover:bg-tint md:hidden"
      >
        <ArrowLeft aria-hidden className="size-5" />
      </Link>
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-display text-lg leading-tight">{chat.title}</h2>
        <p className="truncate text-xs text-soft">
          {mode} · {present.length} in the chat · {here} here now
        </p>
      </div>
      <ul aria-label="Participants" className="hidden -space-x-1.5 sm:flex">
        {present.slice(0, 6).map(({ id, name, kind }) => (
          <li key={id} title={name}>
            <Avatar
              id={id}
              name={name}
              ai={kind === 'ai'}
              present={kind === 'ai' ? undefined : view.present.includes(id)}
            />
            <span className="sr-only">
              {name}
              {kind !== 'ai' && (view.present.includes(id) ? ', here now' : ', away')}
            </span>
          </li>
        ))}
      </ul>
      {me.may.inviteGuests && (
        <IconButton icon={UserPlus} label="Invite" onClick={() => setDialog('invite')} />
      )}
      <IconButton icon={Settings} label="Settings" onClick={() => setDialog('settings')} />
      <InviteDialog open={dialog === 'invite'} onOpenChange={() => setDialog(undefined)} />
      <SettingsDialog open={dialog === 'settings'} onOpenChange={() => setDialog(undefined)} />
    </header>
  );
}
