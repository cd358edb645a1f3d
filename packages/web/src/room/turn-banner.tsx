import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { nameOf, useRoom } from './room-context.tsx';

/** Whose turn it is, in modes that have turns; and what one can do about it. */
export function TurnBanner() {
  const { chat, me, session, view } = useRoom();
  const { turn } = chat;
  if (turn.mode !== 'strict' && turn.mode !== 'rounds') return null;
  const own = turn.holder === me.participantId;
  const whose =
    turn.holder === null
      ? 'Nobody can speak now'
      : own
        ? 'It is your turn'
        : `It is ${nameOf(chat, turn.holder)}’s turn`;
  const others = chat.participants.filter(
    ({ id, kind, status, role, muted }) =>
      kind === 'person' && status === 'joined' && role !== 'observer' && !muted && id !== turn.holder,
  );
  return (
    <section
      aria-label="Turn"
      className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-1.5 text-sm md:px-6"
    >
      <span className={`flex-1 ${own ? 'font-medium text-accent' : 'text-soft'}`}>
        <span aria-live="polite">{view.replies.length > 0 ? `${whose}, after the AI’s answer` : whose}</span>
        {turn.mode === 'rounds' && ` · round ${turn.round}`}
        {turn.expiresAt !== null && view.replies.length === 0 && <Countdown until={turn.expiresAt} />}
      </span>
      {me.may.skipTurn && (
        <Button small onClick={() => void session.skipTurn()}>
          Skip turn
        </Button>
      )}
      {me.may.steerTurns && (
        <>
          <select
            aria-label="Give the turn to"
            value=""
            onChange={(event) => void session.grantTurn(event.target.value)}
            className="rounded-lg border border-line bg-raised px-2 py-1"
          >
            <option value="" disabled>
              Give to …
            </option>
            {others.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <Button small look="quiet" onClick={() => void session.resetTurn()}>
            Reset
          </Button>
        </>
      )}
    </section>
  );
}

function Countdown({ until }: { until: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((Date.parse(until) - now) / 1000));
  return <span className="tabular-nums"> · {seconds} s left</span>;
}
