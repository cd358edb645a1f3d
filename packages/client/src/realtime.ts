import type { Me } from '@parley/chat/api';
import pusherModule, { type Channel, type PresenceChannel } from 'pusher-js';
import type { Http } from './http.ts';

// Its types put the class under `default`; Node and bundlers give the class itself.
type PusherClass = typeof pusherModule.default;
const Pusher = pusherModule as unknown as PusherClass;

export type ConnectionState = 'connecting' | 'connected' | 'offline';

/** What a channel tells. */
export interface ChannelListener {
  /** The server has accepted the subscription, for the first time or again after a break. */
  onSubscribed?: (present: string[]) => void;
  /** The server has refused it, or ended it. */
  onRefused?: (status: number) => void;
  onEvent: (event: string, data: unknown) => void;
  onPresence?: (userId: string, present: boolean) => void;
}

/** One connection of the Pusher protocol, shared by everything that listens. */
export class Realtime {
  readonly #pusher: InstanceType<PusherClass>;
  readonly #followers = new Map<string, number>();
  #attempts = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly #states = new Set<(state: ConnectionState) => void>();

  constructor({ http, me, url }: { http: Http; me: Me; url: string }) {
    const address = new URL(url || globalThis.location.href);
    const secure = address.protocol === 'https:';
    const port = Number(address.port) || (secure ? 443 : 80);
    this.#pusher = new Pusher(me.realtime.key, {
      cluster: '',
      wsHost: address.hostname,
      wsPort: port,
      wssPort: port,
      forceTLS: secure,
      // Everything else would be looked for at the protocol's vendor, or where nobody answers.
      enabledTransports: secure ? ['ws', 'wss'] : ['ws'],
      enableStats: false,
      channelAuthorization: {
        transport: 'ajax',
        endpoint: me.realtime.authEndpoint,
        customHandler: ({ socketId, channelName }, answer) => {
          const body = new URLSearchParams({ socket_id: socketId, channel_name: channelName });
          http.ask<{ auth: string; channel_data?: string }>('POST', me.realtime.authEndpoint, { body }).then(
            (signed) => answer(null, signed),
            (error: Error) => answer(error, null),
          );
        },
      },
    });
    this.#pusher.connection.bind('state_change', () => {
      if (this.state === 'connected') this.#attempts = 0;
      else this.#tryAgainSoon();
      for (const listener of this.#states) listener(this.state);
    });
  }

  /**
   * The protocol's client gives a refused connection up to a minute. A server that restarts is back in a second:
   * so it is asked again soon, and less often the longer it is away.
   */
  #tryAgainSoon(): void {
    if (this.#closed || this.#again !== undefined) return;
    const wait = Math.min(10_000, 1_500 * 1.5 ** this.#attempts) * (0.8 + Math.random() * 0.4);
    this.#attempts++;
    this.#again = setTimeout(() => {
      this.#again = undefined;
      if (this.#closed || this.state === 'connected') return;
      this.#pusher.disconnect();
      this.#pusher.connect();
    }, wait);
  }

  get state(): ConnectionState {
    const { state } = this.#pusher.connection;
    if (state === 'connected') return 'connected';
    return state === 'unavailable' || state === 'failed' || state === 'disconnected'
      ? 'offline'
      : 'connecting';
  }

  /** Tells how the connection is whenever that changes. Returns its undo. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  /** Listens to a channel. Returns its undo. */
  follow(name: string, listener: ChannelListener): () => void {
    const channel = this.#pusher.subscribe(name);
    const handle = (event: string, data: unknown) => {
      if (event === 'pusher:subscription_succeeded') listener.onSubscribed?.(presentOf(data));
      else if (event === 'pusher:subscription_error') listener.onRefused?.(statusOf(data));
      else if (event === 'pusher:member_added') listener.onPresence?.(memberOf(data), true);
      else if (event === 'pusher:member_removed') listener.onPresence?.(memberOf(data), false);
      else if (!event.startsWith('pusher')) listener.onEvent(event, data);
    };
    channel.bind_global(handle);
    this.#followers.set(name, (this.#followers.get(name) ?? 0) + 1);
    // Somebody else's subscription serves as well; its success is not told again.
    if (channel.subscribed) queueMicrotask(() => listener.onSubscribed?.(membersOf(channel)));
    let following = true;
    return () => {
      if (!following) return;
      following = false;
      channel.unbind_global(handle);
      const left = (this.#followers.get(name) ?? 1) - 1;
      this.#followers.set(name, left);
      if (left === 0) this.#pusher.unsubscribe(name);
    };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#pusher.disconnect();
  }
}

const memberOf = (data: unknown) => String((data as { id: string | number }).id);
const statusOf = (data: unknown) => Number((data as { status?: number } | null)?.status ?? 0);

function membersOf(channel: Channel): string[] {
  return presentOf((channel as Partial<PresenceChannel>).members ?? null);
}

function presentOf(data: unknown): string[] {
  return Object.keys((data as { members?: Record<string, unknown> } | null)?.members ?? {});
}
