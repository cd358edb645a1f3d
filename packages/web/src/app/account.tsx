import { createParley, type Me, type Parley } from '@parley/client';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

/** Who is using the page, and their client. */
export interface Account {
  parley: Parley;
  /** Undefined while that is not known yet, null when nobody is signed in. */
  me: Me | null | undefined;
  /** Takes over who has just signed in. */
  enter(me: Me): void;
  signOut(): Promise<void>;
}

const Context = createContext<Account | undefined>(undefined);

export function AccountProvider({ children }: { children: ReactNode }) {
  const [me, setMe] = useState<Account['me']>(undefined);
  const parley = useMemo(() => createParley({ storage: localStorage, onSignedOut: () => setMe(null) }), []);

  useEffect(() => {
    parley.me().then(setMe, () => setMe((known) => known ?? null));
  }, [parley]);

  const account = useMemo<Account>(
    () => ({
      parley,
      me,
      enter(next) {
        parley.disconnect();
        setMe(next);
      },
      async signOut() {
        await parley.signOut();
        parley.disconnect();
        setMe(null);
      },
    }),
    [parley, me],
  );
  return <Context value={account}>{children}</Context>;
}

export function useAccount(): Account {
  const account = useContext(Context);
  if (account === undefined) throw new Error('useAccount needs an AccountProvider around it.');
  return account;
}

/** The client and its user, where somebody is signed in. */
export function useSignedIn(): { parley: Parley; me: Me } {
  const { parley, me } = useAccount();
  if (!me) throw new Error('Nobody is signed in here.');
  return { parley, me };
}
