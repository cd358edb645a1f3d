import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type ChatSession,
  createParley,
  type Parley,
  type ParleyOptions,
} from '../packages/client/src/index.ts';
import { type Person, person, seen } from './person.ts';
import { type ServerProcess, startServer, waitFor } from './server-process.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** The client against a real server, over a network that breaks. */

let server: ServerProcess;
let proxy: TcpProxy;
let ada: Person;
const undo: (() => void)[] = [];

beforeAll(async () => {
  server = await startServer();
  proxy = await startTcpProxy(server.url);
  ada = await person(server, 'ada');
});
afterEach(() => {
  proxy.open();
  for (const each of undo.splice(0)) each();
});
afterAll(async () => {
  ada.close();
  await proxy.dispose();
  await server.dispose();
});

/** A client of ben's, whose network is the proxy. */
async function ben(options: ParleyOptions = {}): Promise<Parley> {
  const parley = createParley({ url: proxy.url, token: await server.token('ben'), ...options });
  undo.push(() => parley.disconnect());
  return parley;
}

/** A chat of ada's that ben is in. */
async function sharedChat(): Promise<string> {
  await (await ben()).me();
  const { chatId } = await ada.parley.createChat({ title: 'Shared' });
  await ada.parley.addParticipant(chatId, { userId: 'ben' });
  return chatId;
}

function open(parley: Parley, chatId: string): ChatSession {
  const session = parley.openChat(chatId);
  undo.push(() => session.close());
  return session;
}

const isLive = ({ connection }: { connection: string }) => connection === 'live';
const textsOf = (session: ChatSession) => session.getSnapshot().messages.map(({ text }) => text);
const say = (chatId: string, text: string) =>
  ada.parley.sendMessage(chatId, { id: crypto.randomUUID(), text });

describe('a network that breaks', () => {
  test('what was missed during a break is fetched, once and in order', async () => {
    const chatId = await sharedChat();
    const session = open(await ben(), chatId);
    await seen(session, isLive);
    const wanted: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 4; index++) {
        if (index === 2) proxy.close();
        wanted.push(`${round}.${index}`);
        await say(chatId, `${round}.${index}`);
      }
      proxy.open();
      await seen(session, (view) => isLive(view) && view.messages.length === wanted.length, 20_000);
    }
    expect(textsOf(session)).toEqual(wanted);
  }, 60_000);

  test('a message whose answer was lost is there once', async () => {
    const chatId = await sharedChat();
    const session = open(await ben(), chatId);
    await seen(session, isLive);
    proxy.swallowAnswers();
    const id = session.send('Did you hear me?');
    await waitFor(async () =>
      (await ada.parley.messages(chatId)).messages.some((message) => message.id === id),
    );
    expect(session.getSnapshot().outbox).toMatchObject([{ id, status: 'pending' }]);
    proxy.cut();
    const view = await seen(
      session,
      ({ outbox, messages }) => outbox.length === 0 && messages.length === 1,
      20_000,
    );
    expect(view.messages[0]).toMatchObject({ id, text: 'Did you hear me?' });
    expect((await ada.parley.messages(chatId)).messages).toHaveLength(1);
  }, 30_000);

  test('what is written offline is sent in order when the network is back, and never shown twice', async () => {
    const chatId = await sharedChat();
    const session = open(await ben(), chatId);
    await seen(session, isLive);
    proxy.close();
    await seen(session, ({ connection }) => connection !== 'live');
    const written = ['one', 'two', 'three'];
    const ids = written.map((text) => session.send(text));
    let doubled = 0;
    session.subscribe(() => {
      const { messages, outbox } = session.getSnapshot();
      const shown = [...messages, ...outbox].map(({ id }) => id).filter((id) => ids.includes(id));
      if (shown.length !== new Set(shown).size || shown.length !== ids.length) doubled++;
    });
    proxy.open();
    await seen(session, ({ messages, outbox }) => messages.length === 3 && outbox.length === 0, 20_000);
    expect(textsOf(session)).toEqual(written);
    expect(doubled).toBe(0);
  }, 30_000);

  test('a chat that is opened offline is live when the network comes, and so are activities', async () => {
    const chatId = await sharedChat();
    proxy.close();
    const parley = await ben();
    const active: string[] = [];
    undo.push(parley.onActivity((activity) => active.push(activity.chatId)));
    const session = open(parley, chatId);
    session.send('Written before anything was known');
    await seen(session, ({ connection }) => connection === 'offline');
    proxy.open();
    await seen(session, (view) => isLive(view) && view.messages.length === 1, 20_000);
    await waitFor(async () => {
      await say(chatId, 'Hello');
      return active.includes(chatId);
    });
  }, 40_000);

  test('what was not sent survives a reload', async () => {
    const chatId = await sharedChat();
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const before = (await ben({ storage })).openChat(chatId);
    await seen(before, isLive);
    proxy.close();
    const id = before.send('Before the reload');
    before.close();
    expect([...kept.keys()]).toEqual([`parley.outbox.ben.${chatId}`]);
    proxy.open();
    const after = open(await ben({ storage }), chatId);
    const view = await seen(after, ({ messages, outbox }) => messages.length === 1 && outbox.length === 0);
    expect(view.messages[0]?.id).toBe(id);
    expect(kept.size).toBe(0);
  }, 30_000);
});

describe('long ways back', () => {
  test('far behind, the newest messages are there at once, and every older one page by page', async () => {
    const chatId = await sharedChat();
    const session = open(await ben(), chatId);
    await seen(session, isLive);
    proxy.close();
    const total = 1_050;
    const rounds = Array.from({ length: total / 50 }, (_, round) => round);
    for (const round of rounds) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => say(chatId, `${round}.${index}`)));
    }
    proxy.open();
    const view = await seen(session, (now) => isLive(now) && now.chat?.messageCount === total, 20_000);
    expect(view.messages).toHaveLength(50);
    expect(view.hasOlder).toBe(true);
    while (session.getSnapshot().hasOlder) await session.loadOlder();
    const sequences = session.getSnapshot().messages.map(({ sequence }) => sequence);
    expect(sequences).toHaveLength(total);
    expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
  }, 60_000);

  test('a message that is too large for a frame comes all the same', async () => {
    const chatId = await sharedChat();
    const session = open(await ben(), chatId);
    await seen(session, isLive);
    const text = 'Long, and longer. '.repeat(800);
    await say(chatId, text.trim());
    await say(chatId, 'short');
    await seen(session, ({ messages }) => messages.length === 2);
    expect(textsOf(session)).toEqual([text.trim(), 'short']);
  });
});

describe('rights', () => {
  test('who is removed is told so, and the session ends', async () => {
    const chatId = await sharedChat();
    const session = open(await ben(), chatId);
    await seen(session, isLive);
    await ada.parley.removeParticipant(chatId, 'ben');
    const { error } = await seen(session, ({ connection }) => connection === 'forbidden');
    expect(error?.code).toBe('chat.not_found');
    const known = session.getSnapshot();
    await say(chatId, 'Between us');
    await ada.parley.messages(chatId);
    expect(session.getSnapshot()).toBe(known);
  });

  test('who comes back can open the chat again', async () => {
    const chatId = await sharedChat();
    const parley = await ben();
    await seen(open(parley, chatId), isLive);
    await ada.parley.removeParticipant(chatId, 'ben');
    await ada.parley.addParticipant(chatId, { userId: 'ben' });
    await seen(open(parley, chatId), isLive);
  });

  test('a token that has ended signs out; a function that gets another does not', async () => {
    const chatId = await sharedChat();
    let signedOut = 0;
    const expired = await ben({
      token: await server.token('ben', { expiresIn: -600 }),
      onSignedOut: () => signedOut++,
    });
    const { error } = await seen(open(expired, chatId), ({ connection }) => connection === 'forbidden');
    expect(error?.code).toBe('auth.invalid_token');
    expect(signedOut).toBeGreaterThan(0);
    const renewed = await ben({ token: () => server.token('ben') });
    await seen(open(renewed, chatId), isLive);
  });

  test('a refused message says why, waits, and goes out when it may', async () => {
    const chatId = await sharedChat();
    const session = open(await ben(), chatId);
    await seen(session, isLive);
    await ada.parley.updateParticipant(chatId, 'ben', { muted: true });
    await seen(session, ({ me }) => me?.may.composer.open === false);
    const id = session.send('May I?');
    const { outbox } = await seen(session, (view) => view.outbox[0]?.status === 'failed');
    expect(outbox[0]?.error?.code).toBe('participant.muted');
    await ada.parley.updateParticipant(chatId, 'ben', { muted: false });
    await seen(session, ({ me }) => me?.may.composer.open === true);
    session.retry(id);
    await seen(session, ({ messages }) => messages.length === 1);
  });
});

describe('subscriptions', () => {
  test('one that could not be signed is tried again', async () => {
    const chatId = await sharedChat();
    let failures = 2;
    const parley = await ben({
      fetch(input, init) {
        if (String(input).endsWith('/pusher/auth') && failures-- > 0)
          return Promise.reject(new TypeError('away'));
        return fetch(input, init);
      },
    });
    await seen(open(parley, chatId), isLive);
    expect(failures).toBeLessThan(0);
  });

  test('one that the server has ended is made anew where the chat may still be read', async () => {
    const chatId = await sharedChat();
    const gate = Promise.withResolvers<void>();
    let closed = false;
    const parley = await ben({
      async fetch(input, init) {
        if (closed) await gate.promise;
        return fetch(input, init);
      },
    });
    const session = open(parley, chatId);
    await seen(session, isLive);
    closed = true;
    await ada.parley.removeParticipant(chatId, 'ben');
    await seen(session, (view) => !isLive(view));
    await ada.parley.addParticipant(chatId, { userId: 'ben' });
    gate.resolve();
    await seen(session, (view) => isLive(view) && view.me !== undefined);
    await say(chatId, 'Welcome back');
    await seen(session, ({ messages }) => messages.length === 1);
  });
});

describe('what passes', () => {
  test('others are seen coming, writing and going; oneself is not seen writing', async () => {
    const chatId = await sharedChat();
    const watching = await ada.open(chatId);
    const parley = await ben();
    const session = open(parley, chatId);
    await seen(watching, ({ present }) => present.includes('ben'));
    await seen(session, isLive);
    session.typing(true);
    await seen(watching, ({ typing }) => typing.includes('ben'));
    expect(session.getSnapshot().typing).toEqual([]);
    session.typing(false);
    await seen(watching, ({ typing }) => typing.length === 0);
    session.typing(true);
    await seen(watching, ({ typing }) => typing.includes('ben'));
    session.send('Said');
    await seen(watching, ({ typing, messages }) => typing.length === 0 && messages.length === 1);
    session.close();
    await seen(watching, ({ present }) => !present.includes('ben'));
    watching.close();
  });

  test('who comes late, and who was cut off, see all the words of a reply, and its message once', async () => {
    await (await ben()).me();
    const { chatId } = await ada.parley.createChat({ title: 'Stream', ai: [{}] });
    await ada.parley.addParticipant(chatId, { userId: 'ben' });
    const watching = await ada.open(chatId);
    watching.send('I want to talk about the garden, and the long way from the gate to the old apple tree.');
    const cutOff = open(await ben(), chatId);
    await seen(watching, ({ replies }) => (replies[0]?.text.length ?? 0) > 20);
    const late = open(await ben(), chatId);
    const texts = new Set<string>();
    let both = 0;
    for (const session of [watching, late, cutOff]) {
      session.subscribe(() => {
        const { replies, messages } = session.getSnapshot();
        for (const { text } of replies) texts.add(text);
        if (replies.some(({ responseId }) => messages.at(-1)?.response?.responseId === responseId)) both++;
      });
    }
    proxy.cut();
    const ended = ({ messages, replies }: { messages: readonly unknown[]; replies: readonly unknown[] }) =>
      messages.length === 2 && replies.length === 0;
    for (const session of [watching, late, cutOff]) await seen(session, ended, 20_000);
    const said = textsOf(watching)[1] ?? '';
    expect([...texts].filter((text) => !said.startsWith(text))).toEqual([]);
    expect(textsOf(late)).toEqual(textsOf(watching));
    expect(textsOf(cutOff)).toEqual(textsOf(watching));
    expect(both).toBe(0);
    watching.close();
  }, 40_000);

  test('the view is the same object until something changes, and its parts too', async () => {
    const chatId = await sharedChat();
    const session = open(await ben(), chatId);
    await seen(session, isLive);
    const before = session.getSnapshot();
    let changes = 0;
    session.subscribe(() => changes++);
    await session.markRead();
    session.discard('nothing');
    expect(session.getSnapshot()).toBe(before);
    expect(changes).toBe(0);
    await ada.parley.renameChat(chatId, 'Another title');
    const after = await seen(session, ({ chat }) => chat?.title === 'Another title');
    expect(after.messages).toBe(before.messages);
    expect(after.present).toBe(before.present);
  });
});
