import type { PassingEventData } from '@parley/chat';
import type { Me } from '@parley/chat/api';
import { Api } from './api.ts';
import { persist } from './back-off.ts';
import { ChatSession } from './chat-session.ts';
import { Http, type Token } from './http.ts';
import type { OutboxStorage } from './outbox-storage.ts';
import { type PusherClass, Realtime } from './realtime.ts';

export interface ParleyOptions {
  /** The server's address; where the page came from when absent. */
  url?: string;
  /** A user token that your backend signed, or a function that gets one; a session cookie serves when absent. */
  token?: Token;
  fetch?: typeof fetch;
  /** Another build of `pusher-js`, as React Native and web workers need it. */
  Pusher?: PusherClass;
  /** Where messages that are not sent yet survive a reload; `localStorage` fits. */
  storage?: OutboxStorage;
  /** Called when the server no longer knows who is calling. */
  onSignedOut?: () => void;
}

export interface Parley extends Api {
  /** Opens a chat and follows it until the session is closed. */
  openChat(chatId: string): ChatSession;
  /** Calls `listener` when something happens in any of the caller's chats. Returns its undo. */
  onActivity(listener: (activity: PassingEventData<'chat.activity'>) => void): () => void;
  /** Lets go of the connection, as after signing out. The next use makes another. */
  disconnect(): void;
}

/**
 * A client of one Parley server, for browsers and Node.
 *
 * @example
 * const parley = createParley({ url: 'https://chat.example.org', token });
 * const { chatId } = await parley.createChat({ title: 'Summer' });
 * const session = parley.openChat(chatId);
 * session.subscribe(() => console.log(session.getSnapshot().messages));
 * session.send('The sea, or the mountains?');
 */
export function createParley(options: ParleyOptions = {}): Parley {
  const url = (options.url ?? '').replace(/\/+$/, '');
  let connection: Promise<{ realtime: Realtime; userId: string; me: Me }> | undefined;

  const http = new Http({
    url,
    token: options.token,
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    onSignedOut: () => options.onSignedOut?.(),
  });
  const api = new Api(http);

  function connect() {
    if (connection !== undefined) return connection;
    const attempt = api.me().then((me) => {
      const realtime = new Realtime({ http, me, url, Pusher: options.Pusher });
      return { me, userId: me.user.id, realtime };
    });
    connection = attempt;
    // A failed attempt is not remembered.
    attempt.catch(() => {
      if (connection === attempt) connection = undefined;
    });
    return attempt;
  }

  function onActivity(listener: (activity: PassingEventData<'chat.activity'>) => void): () => void {
    const stopping = new AbortController();
    let unfollow: (() => void) | undefined;
    persist(connect, stopping.signal).then(
      ({ realtime, me }) => {
        if (stopping.signal.aborted) return;
        unfollow = realtime.follow(me.realtime.userChannel, {
          onEvent: (event, data) => {
            if (event === 'chat.activity') listener(data as PassingEventData<'chat.activity'>);
          },
        });
      },
      () => {
        // Who is signed out has no activity.
      },
    );
    return () => {
      stopping.abort();
      unfollow?.();
    };
  }

  return Object.assign(api, {
    openChat: (chatId: string) => new ChatSession({ chatId, api, connect, storage: options.storage }),
    onActivity,
    disconnect() {
      connection?.then(({ realtime }) => realtime.close()).catch(() => {});
      connection = undefined;
    },
  });
}
