import type { Me } from '@parley/chat/api';
import pusherModule, { type Channel, type PresenceChannel } from 'pusher-js';
import { backOff } from './back-off.ts';
import type { Http } from './http.ts';
import { ParleyError } from './parley-error.ts';

/** The class that `pusher-js` and its builds for other surroundings export. */
export type PusherClass = typeof pusherModule.default;

// Its types put the class under `default`; Node and bundlers give the class itself.
const StandardPusher = pusherModule as unknown as PusherClass;

/** `connecting` for a moment after a break; `offline` when the first try to come back has failed. */
export type ConnectionState = 'connecting' | 'connected' | 'offline';

/** What a channel tells. */
export interface ChannelListener {
  /** The server has accepted the subscription, for the first time or again after a break. */
  onSubscribed?: (present: string[]) => void;
  /** The server has refused it, or ended it; it is not tried again. */
  onRefused?: () => void;
  onEvent: (event: string, data: unknown) => void;
  onPresence?: (userId: string, present: boolean) => void;
}

export interface RealtimeOptions {
  http: Http;
  me: Me;
  /** The server's address; empty = where the page came from. */
  url: string;
  Pusher?: PusherClass | undefined;
}

/** One connection of the Pusher protocol, shared by everything that listens. */
export class Realtime {
  readonly #pusher: InstanceType<PusherClass>;
  readonly #http: Http;
  readonly #followers = new Map<string, number>();
  /** Subscriptions that could not be signed and are tried again. */
  readonly #unsigned = new Map<string, { failures: number; timer: ReturnType<typeof setTimeout> }>();
  readonly #states = new Set<(state: ConnectionState) => void>();
  #state: ConnectionState = 'connecting';
  #wasConnected = false;
  #attempts = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor({ http, me, url, Pusher = StandardPusher }: RealtimeOptions) {
    this.#http = http;
    const address = new URL(url || globalThis.location.origin);
    const secure = address.protocol === 'https:';
    const port = Number(address.port) || (secure ? 443 : 80);
    const { key, authEndpoint } = me.realtime;
    this.#pusher = new Pusher(key, {
      cluster: '',
      wsHost: address.hostname,
      wsPort: port,
      wssPort: port,
      wsPath: address.pathname.replace(/\/+$/, ''),
      forceTLS: secure,
      // Everything else would be looked for at the protocol's vendor, or where nobody answers.
      enabledTransports: secure ? ['ws', 'wss'] : ['ws'],
      enableStats: false,
      channelAuthorization: {
        transport: 'ajax',
        endpoint: authEndpoint,
        customHandler: ({ socketId, channelName }, answer) => {
          this.#sign(authEndpoint, socketId, channelName).then(
            (signed) => answer(null, signed),
            (error: Error) => answer(error, null),
          );
        },
      },
    });
    this.#pusher.connection.bind('state_change', () => this.#changed());
    this.#pusher.connection.bind('error', () => {
      // It tries again by itself; what it has to say about that stands in its state.
    });
  }

  get state(): ConnectionState {
    return this.#state;
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
      else if (event === 'pusher:subscription_error') {
        if (!this.#unsigned.has(name)) listener.onRefused?.();
      } else if (event === 'pusher:member_added') listener.onPresence?.(memberOf(data), true);
      else if (event === 'pusher:member_removed') listener.onPresence?.(memberOf(data), false);
      else if (!event.startsWith('pusher')) listener.onEvent(event, data);
    };
    channel.bind_global(handle);
    this.#followers.set(name, (this.#followers.get(name) ?? 0) + 1);
    let following = true;
    // Somebody else's subscription serves as well; its success is not told again.
    if (channel.subscribed) {
      queueMicrotask(() => {
        if (following) listener.onSubscribed?.(membersOf(channel));
      });
    }
    return () => {
      if (!following) return;
      following = false;
      channel.unbind_global(handle);
      this.#release(name);
    };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    for (const { timer } of this.#unsigned.values()) clearTimeout(timer);
    this.#pusher.disconnect();
  }

  #release(name: string): void {
    const left = (this.#followers.get(name) ?? 1) - 1;
    if (left > 0) {
      this.#followers.set(name, left);
      return;
    }
    this.#followers.delete(name);
    this.#signed(name);
    this.#pusher.unsubscribe(name);
  }

  #changed(): void {
    const connected = this.#pusher.connection.state === 'connected';
    if (connected) {
      this.#wasConnected = true;
      this.#attempts = 0;
    } else {
      this.#tryAgainSoon();
    }
    this.#tell(connected ? 'connected' : this.#attempts > 1 || this.#closed ? 'offline' : 'connecting');
  }

  #tell(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#states]) listener(state);
  }

  /**
   * The protocol's client gives a refused connection up to a minute. A server that restarts is back in a second:
   * so it is asked again soon, and less often the longer it is away.
   */
  #tryAgainSoon(): void {
    if (this.#closed || this.#again !== undefined) return;
    // A first connection may take its time on a slow network; one that broke has shown that it need not.
    const first = this.#wasConnected ? 2_000 : 6_000;
    const wait = backOff(++this.#attempts, { first, most: 10_000 });
    this.#again = setTimeout(() => {
      this.#again = undefined;
      if (this.#closed || this.#pusher.connection.state === 'connected') return;
      this.#pusher.disconnect();
      this.#pusher.connect();
    }, wait);
  }

  /** Has a subscription signed. The protocol's client asks once; what failed for want of an answer is asked again. */
  async #sign(endpoint: string, socketId: string, channel: string) {
    const body = new URLSearchParams({ socket_id: socketId, channel_name: channel });
    try {
      const signed = await this.#http.ask<{ auth: string; channel_data?: string }>('POST', endpoint, {
        body,
      });
      this.#signed(channel);
      return signed;
    } catch (error) {
      const failures = (this.#unsigned.get(channel)?.failures ?? 0) + 1;
      this.#signed(channel);
      if (ParleyError.is(error) && error.retryable && !this.#closed && this.#followers.has(channel)) {
        const wait = error.retryAfter ?? backOff(failures, { most: 10_000 });
        // While there is no connection this does nothing; a new one subscribes to everything.
        const timer = setTimeout(() => void this.#pusher.subscribe(channel), wait);
        this.#unsigned.set(channel, { failures, timer });
      }
      throw error;
    }
  }

  #signed(channel: string): void {
    clearTimeout(this.#unsigned.get(channel)?.timer);
    this.#unsigned.delete(channel);
  }
}

const memberOf = (data: unknown) => String((data as { id: string | number }).id);

function membersOf(channel: Channel): string[] {
  return presentOf((channel as Partial<PresenceChannel>).members ?? null);
}

function presentOf(data: unknown): string[] {
  return Object.keys((data as { members?: Record<string, unknown> } | null)?.members ?? {});
}
