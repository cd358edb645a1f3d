import { type InvitePreview, ParleyError } from '@parley/client';
import { useEffect, useState } from 'react';
import { useAccount } from '../app/account.tsx';
import { Link, navigate } from '../app/router.tsx';
import { useAction } from '../ui/use-action.ts';
import { Waiting } from '../ui/waiting.tsx';
import { EmailField, NameField, NewPasswordField } from './account-fields.tsx';
import { Door } from './door.tsx';

/** Where an invite link leads: as a guest by name, as oneself, or with a new account. */
export function InvitePage({ token }: { token: string }) {
  const { parley, me, enter } = useAccount();
  const { busy, error, run } = useAction();
  const [preview, setPreview] = useState<InvitePreview>();
  const [refused, setRefused] = useState<string>();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');

  useEffect(() => {
    parley.previewInvite(token).then(setPreview, (failure: unknown) => {
      setRefused(ParleyError.is(failure) ? failure.message : 'This invite could not be read.');
    });
  }, [parley, token]);

  if (refused !== undefined) {
    return (
      <Door
        title="This link does not work"
        action="To the start"
        busy={false}
        error={refused}
        onSubmit={() => navigate('/')}
      >
        <p className="text-sm text-soft">Ask whoever sent it for a new one.</p>
      </Door>
    );
  }
  if (preview === undefined || me === undefined) return <Waiting />;

  const mayMakeAccount = preview.role !== 'guest';
  function join() {
    void run(async () => {
      const account = mayMakeAccount && email !== '' ? { email, password } : {};
      const arrived = await parley.acceptInvite(token, me === null ? { name, ...account } : {});
      enter(arrived.me);
      navigate(`/chats/${arrived.chatId}`, { replace: true });
    });
  }

  return (
    <Door
      title={preview.chatTitle}
      action="Join chat"
      busy={busy}
      error={error}
      onSubmit={join}
      aside={
        me === null && (
          <Link href={`/sign-in?next=${encodeURIComponent(location.pathname)}`}>I have an account here</Link>
        )
      }
    >
      <p className="text-sm text-soft">
        {preview.invitedBy} invites you to this conversation
        {me === null ? '.' : `; you join as ${me.user.name}.`}
      </p>
      {me === null && <NameField required value={name} onChange={setName} />}
      {me === null && mayMakeAccount && (
        <>
          <EmailField
            hint="With an account you can come back from any device. Leave it empty to come as a guest."
            value={email}
            onChange={setEmail}
          />
          <NewPasswordField required={email !== ''} value={password} onChange={setPassword} />
        </>
      )}
    </Door>
  );
}
