import { useEffect, useState } from 'react';
import { useRoom } from './room-context.tsx';

const texts = {
  connecting: 'Connecting …',
  offline: 'You are offline. What you write is sent when the connection is back.',
  catching_up: 'Catching up …',
  live: '',
  closed: '',
  forbidden: '',
} as const;

/** Says when the page does not show what is happening right now. */
export function ConnectionBar() {
  const { connection } = useRoom().view;
  const [shown, setShown] = useState('');
  useEffect(() => {
    // A blink of the network is nobody's business.
    const timer = setTimeout(() => setShown(texts[connection]), connection === 'live' ? 0 : 700);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <div
      role="status"
      data-connection={connection}
      className={shown ? 'bg-warm/15 px-4 py-1 text-center text-sm text-warm' : 'sr-only'}
    >
      {shown}
    </div>
  );
}
