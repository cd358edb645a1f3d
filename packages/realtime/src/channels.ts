import type { Connection } from './connection.ts';
import { encodeEvent, frame } from './protocol.ts';
import type { PresenceChange } from './realtime-server.ts';

interface Member {
  /** As the authoriser gave it: a number stays one on the wire. */
  id: string | number;
  info: unknown;
  connections: Set<Connection>;
}

interface Channel {
  subscribers: Set<Connection>;
  /** By the user's id as text; only on presence channels. */
  members: Map<string, Member>;
}

/** Who a connection is on a presence channel. */
export interface Identity {
  id: string | number;
  info: unknown;
}

/** Which connections are on which channels, and who is present where. */
export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #onPresence: (change: PresenceChange) => void;
  subscriptions = 0;

  constructor(onPresence: (change: PresenceChange) => void) {
    this.#onPresence = onPresence;
  }

  get size(): number {
    return this.#channels.size;
  }

  find(name: string): Readonly<Channel> | undefined {
    return this.#channels.get(name);
  }

  subscribers(name: string): ReadonlySet<Connection> {
    return this.#channels.get(name)?.subscribers ?? nobody;
  }

  /** Puts a connection on a channel, and tells the others when a user is new there. */
  join(name: string, connection: Connection, identity?: Identity): void {
    const channel = this.#channels.get(name) ?? { subscribers: new Set(), members: new Map() };
    this.#channels.set(name, channel);
    if (channel.subscribers.has(connection)) return;
    channel.subscribers.add(connection);
    connection.channels.set(name, identity === undefined ? undefined : String(identity.id));
    this.subscriptions++;
    if (identity === undefined) return;
    const userId = String(identity.id);
    const member = channel.members.get(userId);
    if (member !== undefined) {
      member.connections.add(connection);
      return;
    }
    channel.members.set(userId, { ...identity, connections: new Set([connection]) });
    const data = JSON.stringify({ user_id: identity.id, user_info: identity.info });
    this.send(name, 'pusher_internal:member_added', data, connection);
    this.#onPresence({ channel: name, userId, present: true });
  }

  /** Takes a connection off a channel, and tells the others when a user is gone from there. */
  leave(name: string, connection: Connection): void {
    const channel = this.#channels.get(name);
    if (!channel?.subscribers.delete(connection)) return;
    const userId = connection.channels.get(name);
    connection.channels.delete(name);
    this.subscriptions--;
    if (channel.subscribers.size === 0) this.#channels.delete(name);
    const member = userId === undefined ? undefined : channel.members.get(userId);
    if (userId === undefined || member === undefined) return;
    member.connections.delete(connection);
    if (member.connections.size > 0) return;
    channel.members.delete(userId);
    this.send(name, 'pusher_internal:member_removed', JSON.stringify({ user_id: member.id }));
    this.#onPresence({ channel: name, userId, present: false });
  }

  /** Encodes once, and gives the same bytes to everybody. */
  send(name: string, event: string, data: string, except?: Connection): number {
    const subscribers = this.subscribers(name);
    if (subscribers.size === 0) return 0;
    const bytes = frame(encodeEvent(event, data, name));
    let count = 0;
    for (const subscriber of subscribers) {
      if (subscriber === except) continue;
      subscriber.send(bytes);
      count++;
    }
    return count;
  }

  /** What a new subscriber to a presence channel is told: everybody who is there. */
  presence(name: string): string {
    const members = [...(this.#channels.get(name)?.members ?? [])];
    const hash = Object.fromEntries(members.map(([userId, { info }]) => [userId, info]));
    const ids = members.map(([, { id }]) => id);
    return JSON.stringify({ presence: { ids, hash, count: members.length } });
  }
}

const nobody: ReadonlySet<Connection> = new Set();
