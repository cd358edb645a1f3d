import type { Actor, ChatCommand } from '@parley/chat';
import { commands } from '@parley/chat/registry';

/** A command on its way through the `before` handlers: what is wanted, in which chat, by whom. */
export type GuardedCommand = ChatCommand & { chatId: string; actor: Actor };

/**
 * Takes over what `before` handlers amended, as far as the command's definition lets them.
 * @throws when an amendment does not fit the command's schema: the handler is at fault, not the sender.
 */
export function withAmendments(command: ChatCommand, amended: GuardedCommand): ChatCommand {
  const { amendable, fields } = commands[command.type];
  const before = command as unknown as Record<string, unknown>;
  const after = amended as unknown as Record<string, unknown>;
  const changed = amendable.filter((field) => after[field] !== before[field]);
  if (changed.length === 0) return command;
  const { type: _type, ...rest } = command;
  const parsed = fields.parse({
    ...rest,
    ...Object.fromEntries(changed.map((field) => [field, after[field]])),
  });
  return { type: command.type, ...parsed } as ChatCommand;
}
