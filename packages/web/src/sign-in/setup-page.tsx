import { useState } from 'react';
import { useAccount } from '../app/account.tsx';
import { Link, navigate } from '../app/router.tsx';
import { useAction } from '../ui/use-action.ts';
import { EmailField, NameField, NewPasswordField } from './account-fields.tsx';
import { Door } from './door.tsx';

/** The first run: whoever has the printed link becomes the owner. */
export function SetupPage() {
  const { parley, enter } = useAccount();
  const { busy, error, run } = useAction();
  // Kept out of the request by standing behind the #, and out of sight once it is read.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');

  function begin() {
    void run(async () => {
      enter(await parley.setUp({ token, name, email, password }));
      navigate('/', { replace: true });
    });
  }

  return (
    <Door
      title="This Parley is yours"
      action="Begin"
      busy={busy}
      error={error}
      onSubmit={begin}
      aside={<Link href="/sign-in">It has an owner already? Sign in.</Link>}
    >
      <p className="text-sm text-soft">Choose how people see you, and how you sign in.</p>
      <NameField required value={name} onChange={setName} />
      <EmailField required value={email} onChange={setEmail} />
      <NewPasswordField required value={password} onChange={setPassword} />
    </Door>
  );
}
