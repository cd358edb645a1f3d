/** The channels of the realtime protocol, and what they stand for. */
export type Channel = { kind: 'chat'; chatId: string } | { kind: 'user'; userId: string };

const chatPrefix = 'presence-chat-';
const userPrefix = 'private-user-';

/** Everything that happens in a chat; its members are who is present. */
export const chatChannel = (chatId: string) => chatPrefix + chatId;

/** What one person is told about all their chats. */
export const userChannel = (userId: string) => userPrefix + userId;

/** The opposite of the two above; undefined for any other name. */
export function parseChannel(name: string): Channel | undefined {
  if (name.startsWith(chatPrefix)) return { kind: 'chat', chatId: name.slice(chatPrefix.length) };
  if (name.startsWith(userPrefix)) return { kind: 'user', userId: name.slice(userPrefix.length) };
  return undefined;
}
