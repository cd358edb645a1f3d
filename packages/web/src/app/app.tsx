import { Tooltip } from 'radix-ui';
import { lazy, Suspense, useEffect } from 'react';
import { InvitePage } from '../sign-in/invite-page.tsx';
import { SetupPage } from '../sign-in/setup-page.tsx';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { AccountProvider, useAccount } from './account.tsx';
import { navigate, usePath } from './router.tsx';

// Those who come to sign in need not wait for the rest.
const Workspace = lazy(() => import('./workspace.tsx'));

export function App() {
  return (
    <AccountProvider>
      <Tooltip.Provider delayDuration={400}>
        <Suspense fallback={<Waiting />}>
          <Page />
        </Suspense>
      </Tooltip.Provider>
    </AccountProvider>
  );
}

function Page() {
  const path = usePath();
  const { me } = useAccount();
  const [, first, second] = path.split('/');
  if (first === 'setup') return <SetupPage />;
  if (first === 'invites' && second) return <InvitePage token={second} />;
  if (first === 'sign-in') return <SignInPage />;
  if (me === undefined) return <Waiting />;
  if (me === null) return <ToSignIn from={path} />;
  return <Workspace chatId={first === 'chats' ? second : undefined} />;
}

function ToSignIn({ from }: { from: string }) {
  useEffect(() => {
    const next = from === '/' ? '' : `?next=${encodeURIComponent(from)}`;
    navigate(`/sign-in${next}`, { replace: true });
  }, [from]);
  return <Waiting />;
}
