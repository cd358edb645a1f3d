import { afterEach, expect, test } from 'vitest';
import { openSqliteEventLog } from '../../packages/event-log/src/index.ts';
import { type Person, person, seen } from '../person.ts';
import { type ServerProcess, startServer, waitFor } from '../server-process.ts';

/** The server dies in the middle of things, as by SIGKILL or a power cut, and comes back. */

let server: ServerProcess;
const people: Person[] = [];

afterEach(async () => {
  for (const each of people.splice(0)) each.close();
  await server.dispose();
});

async function bring(id: string): Promise<Person> {
  const each = await person(server, id);
  people.push(each);
  return each;
}

test('what was answered is there, once and in order, whenever the server is killed', {
  timeout: 60_000,
}, async () => {
  server = await startServer();
  const [ada, ben] = await Promise.all([bring('ada'), bring('ben')]);
  const { chatId } = await ada.parley.createChat({ title: 'Storm', ai: [{ policy: 'mentioned' }] });
  await ada.parley.addParticipant(chatId, { userId: 'ben' });
  const [a, b] = [await ada.open(chatId), await ben.open(chatId)];

  const total = 60;
  const sent: string[] = [];
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < total / 6; index++) {
      sent.push(a.send(`ada ${round}.${index}`), b.send(`ben ${round}.${index}`));
    }
    // In the middle of it: some are answered, some are on the way, some have not left.
    await waitFor(() => a.getSnapshot().messages.length > round * (total / 3) + 2);
    await server.kill();
    await server.restart();
  }
  for (const session of [a, b]) {
    const { messages } = await seen(
      session,
      (view) => view.messages.length >= Math.min(total, 50) && view.outbox.length === 0,
      30_000,
    );
    await waitFor(() => session.getSnapshot().connection === 'live');
    await session.loadOlder();
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
  }
  for (const who of ['ada', 'ben']) {
    const texts = a
      .getSnapshot()
      .messages.filter(({ author }) => author === who)
      .map(({ text }) => text);
    const wanted = [0, 1, 2].flatMap((round) =>
      Array.from({ length: total / 6 }, (_, index) => `${who} ${round}.${index}`),
    );
    expect(texts).toEqual(wanted);
  }
  expect(
    a
      .getSnapshot()
      .messages.map(({ id }) => id)
      .toSorted(),
  ).toEqual(sent.toSorted());
  expect(b.getSnapshot().messages).toEqual(a.getSnapshot().messages);
});

test('a reply that was being written keeps its words, says what happened, and can be asked for again', async () => {
  server = await startServer();
  const ada = await bring('ada');
  const { chatId } = await ada.parley.createChat({ title: 'Mid-stream', ai: [{}] });
  const a = await ada.open(chatId);
  a.send(
    'I want to talk about the garden, and the long way from the gate to the old apple tree behind the house.',
  );
  // So much that some of it has been kept.
  await seen(a, ({ replies }) => (replies[0]?.text.length ?? 0) > 90);
  await server.kill();
  await server.restart();
  const { messages, chat } = await seen(a, (view) => view.messages.length === 2 && view.replies.length === 0);
  const reply = messages[1];
  expect(reply?.response).toMatchObject({ status: 'failed', code: 'ai.interrupted', retryable: true });
  expect(reply?.text.length).toBeGreaterThan(10);
  expect(chat?.aiReplies).toEqual([]);

  await a.regenerate(reply?.id ?? '');
  const after = await seen(a, (view) => view.messages.length === 3 && view.replies.length === 0);
  expect(after.messages[2]).toMatchObject({ replaces: reply?.id, response: { status: 'completed' } });
  expect(after.messages[1]?.replacedBy).toBe(after.messages[2]?.id);
});

test('Ctrl-C lets a reply end with the words that were shown', async () => {
  server = await startServer();
  const ada = await bring('ada');
  const { chatId } = await ada.parley.createChat({ title: 'Stopping', ai: [{}] });
  const a = await ada.open(chatId);
  a.send('I want to talk about the garden, and the long way from the gate to the old apple tree.');
  const { replies } = await seen(a, (view) => (view.replies[0]?.text.length ?? 0) > 20);
  expect(await server.stop()).toBe(0);
  await server.restart();
  const { messages } = await seen(a, (view) => view.messages.length === 2 && view.connection === 'live');
  expect(messages[1]?.response?.code).toBe('ai.interrupted');
  expect(messages[1]?.text.startsWith(replies[0]?.text ?? '?')).toBe(true);
});

test('a second process on the same folder is told who owns it, and touches nothing', async () => {
  server = await startServer();
  await expect(openSqliteEventLog({ folder: server.folder })).rejects.toMatchObject({
    code: 'log.in_use',
    message: expect.stringMatching(/process \(\d+ on .+, since .+\)/),
  });
  const ada = await bring('ada');
  await expect(ada.parley.createChat({ title: 'Still here' })).resolves.toMatchObject({ sequence: 2 });
});
