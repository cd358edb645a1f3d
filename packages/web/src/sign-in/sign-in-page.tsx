import { useState } from 'react';
import { useAccount } from '../app/account.tsx';
import { navigate } from '../app/router.tsx';
import { useAction } from '../ui/use-action.ts';
import { EmailField, PasswordField } from './account-fields.tsx';
import { Door } from './door.tsx';

export function SignInPage() {
  const { parley, enter } = useAccount();
  const { busy, error, run } = useAction();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');

  function signIn() {
    void run(async () => {
      enter(await parley.signIn({ email, password }));
      navigate(nextPath(), { replace: true });
    });
  }

  return (
    <Door
      title="Sign in"
      action="Sign in"
      busy={busy}
      error={error}
      onSubmit={signIn}
      aside="No account? Somebody who has one can send you an invite link."
    >
      <EmailField required value={email} onChange={setEmail} />
      <PasswordField required value={password} onChange={setPassword} />
    </Door>
  );
}

/** Where one was going; only ever within this page. */
function nextPath(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
