import { nameOf, useRoom } from './room-context.tsx';

/** Who is writing. */
export function TypingLine() {
  const { chat, view } = useRoom();
  const [first, second, ...more] = view.typing.map((id) => nameOf(chat, id));
  const text =
    first === undefined
      ? ''
      : second === undefined
        ? `${first} is writing …`
        : more.length === 0
          ? `${first} and ${second} are writing …`
          : 'Several people are writing …';
  return (
    <p aria-live="polite" className="h-5 px-2 text-xs text-soft">
      {text}
    </p>
  );
}
