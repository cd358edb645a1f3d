import type { Message } from '@parley/client';
import { nameOf, useRoom } from './room-context.tsx';

/** Who reacted with what; a click joins in, or takes one's own off. */
export function Reactions({ message }: { message: Message }) {
  const { chat, me, session } = useRoom();
  if (message.reactions.length === 0) return null;
  return (
    <ul aria-label="Reactions" className="mt-1 flex flex-wrap gap-1">
      {message.reactions.map(({ emoji, by }) => {
        const own = by.includes(me.participantId);
        const names = by.map((id) => nameOf(chat, id)).join(', ');
        return (
          <li key={emoji}>
            <button
              type="button"
              disabled={!me.may.react}
              aria-pressed={own}
              aria-label={`${emoji} by ${names}`}
              title={names}
              onClick={() =>
                void (own ? session.unreact(message.id, emoji) : session.react(message.id, emoji))
              }
              className={`rounded-full border px-2 py-0.5 text-sm ${own ? 'border-accent bg-tint' : 'border-line bg-raised'}`}
            >
              {emoji} <span className="text-xs text-soft">{by.length}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
