import type { Message } from '@parley/client';
import { Ellipsis, Reply, SmilePlus } from 'lucide-react';
import { DropdownMenu, Popover } from 'radix-ui';
import { useState } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { menuContent, menuItem } from '../ui/menu.ts';
import { useReplyTo } from './reply-target.tsx';
import { useRoom } from './room-context.tsx';

const emojis = ['👍', '❤️', '😄', '🎉', '🤔', '👀', '🙏', '✅'];

/** What one can do with a message: in sight when the message is pointed at, or its buttons have the focus. */
export function MessageActions({ message, onEdit }: { message: Message; onEdit: () => void }) {
  const { chat, me, session } = useRoom();
  const { set: replyTo } = useReplyTo();
  const own = message.author === me.participantId;
  const open = chat.status === 'open';
  const mayDelete = open && (own || me.may.moderate);
  const mayRegenerate = message.response !== undefined && message.replacedBy === undefined && me.may.askAI;
  if (!open) return null;
  return (
    <div className="absolute -top-3 right-2 flex rounded-lg border border-line bg-raised opacity-0 shadow-sm transition focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100 [@media(hover:none)]:opacity-70">
      {me.may.react && <ReactWith message={message} />}
      {me.may.react && <IconButton icon={Reply} label="Answer" small onClick={() => replyTo(message)} />}
      {(own || mayDelete || mayRegenerate) && (
        <DropdownMenu.Root>
          <DropdownMenu.Trigger asChild>
            <IconButton icon={Ellipsis} label="More" small />
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content align="end" sideOffset={4} className={menuContent}>
              {mayRegenerate && (
                <DropdownMenu.Item className={menuItem} onSelect={() => void session.regenerate(message.id)}>
                  Regenerate
                </DropdownMenu.Item>
              )}
              {own && (
                <DropdownMenu.Item className={menuItem} onSelect={onEdit}>
                  Edit
                </DropdownMenu.Item>
              )}
              {mayDelete && (
                <DropdownMenu.Item
                  className={`${menuItem} text-danger`}
                  onSelect={() => void session.delete(message.id)}
                >
                  Delete
                </DropdownMenu.Item>
              )}
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      )}
    </div>
  );
}

function ReactWith({ message }: { message: Message }) {
  const { session } = useRoom();
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <IconButton icon={SmilePlus} label="React" small />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="end" sideOffset={4} aria-label="Reactions" className={`${menuContent} flex`}>
          {emojis.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={`React with ${emoji}`}
              className="size-9 rounded-lg text-lg hover:bg-tint"
              onClick={() => {
                setOpen(false);
                void session.react(message.id, emoji);
              }}
            >
              {emoji}
            </button>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
