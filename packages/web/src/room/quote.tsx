import { nameOf, useRoom } from './room-context.tsx';

/** The message that another one answers. */
export function Quote({ messageId }: { messageId: string }) {
  const { chat, view } = useRoom();
  const quoted = view.messages.find(({ id }) => id === messageId);
  const text =
    quoted === undefined ? 'An earlier message' : quoted.deletedAt ? 'A deleted message' : quoted.text;
  return (
    <a
      href={`#message-${messageId}`}
      className="mb-1 block truncate border-l-2 border-accent pl-2 text-sm text-soft"
    >
      {quoted && <b>{nameOf(chat, quoted.author)}: </b>}
      {text}
    </a>
  );
}
