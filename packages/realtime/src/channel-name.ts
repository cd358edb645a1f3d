export type ChannelKind = 'public' | 'private' | 'presence';

const allowed = /^[A-Za-z0-9_\-=@,.;]{1,164}$/;
const reserved = /^(private-encrypted-|cache-|private-cache-|presence-cache-)/;

/** What a channel's name says of it; undefined for names that can't be subscribed to. */
export function kindOf(name: string): ChannelKind | undefined {
  // Encrypted and cache channels would be promises that are not kept here yet.
  if (!allowed.test(name) || reserved.test(name)) return undefined;
  if (name.startsWith('presence-')) return 'presence';
  if (name.startsWith('private-')) return 'private';
  return 'public';
}
