import { useState } from 'react';
import { useAccount } from '../app/account.tsx';
import { navigate } from '../app/router.tsx';
import { TextField } from '../ui/field.tsx';
import { useAction } from '../ui/use-action.ts';
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
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </Door>
  );
}

/** Where one was going; only ever within this page. */
function nextPath(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
