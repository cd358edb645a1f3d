import { joined, Refusal, roleMay } from '@parley/chat';
import type { Caller } from '../accounts/caller.ts';
import type { ChatSessionStateManager } from '../session-state/session-state-manager.ts';
import { parseChannel } from './channels.ts';

/** Who somebody is on a presence channel. */
export interface ChannelMember {
  user_id: string;
  user_info: { name: string };
}

/**
 * Who may join which channel: members their chats', everybody their own. All other channels are nobody's.
 * Returns the member for presence channels.
 * @throws {Refusal} `auth.forbidden`
 */
export async function requireChannelAccess(
  sessions: ChatSessionStateManager,
  caller: Caller,
  name: string,
): Promise<ChannelMember | undefined> {
  const channel = parseChannel(name);
  if (channel?.kind === 'user' && channel.userId === caller.id) return undefined;
  if (channel?.kind === 'chat') {
    const participant = joined(await sessions.load(channel.chatId), caller.id);
    if (participant && roleMay(participant.role, 'read')) {
      return { user_id: participant.id, user_info: { name: participant.name } };
    }
  }
  throw new Refusal('auth.forbidden', { sentence: 'You may not join this channel.' });
}
