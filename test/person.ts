import { type ChatSession, type ChatView, createParley, type Parley } from '../packages/client/src/index.ts';
import { type ServerProcess, waitFor } from './server-process.ts';

/** Somebody with a client, signed in by a token. */
export interface Person {
  id: string;
  parley: Parley;
  /** Opens a chat and waits until it is live. */
  open(chatId: string): Promise<ChatSession>;
  close(): void;
}

/** Brings somebody to a server; they are known there from then on. */
export async function person(server: ServerProcess, id: string, name = id): Promise<Person> {
  const token = await server.token(id, { name });
  const parley = createParley({ url: server.url, token });
  await parley.me();
  const sessions: ChatSession[] = [];
  return {
    id,
    parley,
    async open(chatId) {
      const session = parley.openChat(chatId);
      sessions.push(session);
      await seen(session, ({ connection }) => connection === 'live');
      return session;
    },
    close() {
      for (const session of sessions) session.close();
      parley.disconnect();
    },
  };
}

/** Waits until a session shows something. */
export async function seen(
  session: ChatSession,
  holds: (view: ChatView) => boolean,
  timeout = 10_000,
): Promise<ChatView> {
  await waitFor(() => holds(session.getSnapshot()), { timeout }).catch((cause: unknown) => {
    const { connection, messages, outbox, replies, error, chat } = session.getSnapshot();
    const what = { connection, error, sequence: chat?.sequence, turn: chat?.turn, outbox, replies };
    throw new Error(`Not seen: ${JSON.stringify({ ...what, messages: messages.map(({ text }) => text) })}`, {
      cause,
    });
  });
  return session.getSnapshot();
}
