import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChatState } from '../../packages/client/src/index.ts';
import { type ServerProcess, startServer, waitFor } from '../server-process.ts';
import { ask, bearer, cookiesOf } from './http.ts';

let server: ServerProcess;
let headers: Record<string, string>;
let chat = '';

beforeAll(async () => {
  server = await startServer();
  const account = { name: 'Ada', email: 'ada@example.org', password: 'correct horse' };
  headers = cookiesOf(
    await ask(server, 'POST', '/v1/setup', { body: { ...account, token: server.setupToken } }),
  );
  const { body } = await ask(server, 'POST', '/v1/chats', {
    headers,
    body: { title: 'State', ai: [{ policy: 'never' }] },
  });
  chat = `/v1/chats/${body.chatId}`;
  for (let index = 0; index < 70; index++)
    await send(`Message ${index} about ${index % 2 ? 'apples' : 'pears'}`);
  await ask(server, 'PATCH', `${chat}/settings`, { headers, body: { turnMode: 'strict' } });
});
afterAll(() => server.dispose());

const send = (text: string) =>
  ask(server, 'POST', `${chat}/messages`, { headers, body: { id: crypto.randomUUID(), text } });
const state = async (query = '') =>
  (await ask(server, 'GET', `${chat}/state${query}`, { headers })).body as unknown as ChatState;

async function metric(name: string): Promise<number> {
  const backend = bearer(await server.token('backend', { role: 'server' }));
  const { body } = await ask(server, 'GET', '/metrics', { headers: backend });
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(String(body.text))?.[1]);
}

test('one call holds everything that a page needs', async () => {
  const { chat: now, live, me } = await state();
  expect(now).toMatchObject({ title: 'State', messageCount: 70, settings: { turnMode: 'strict' } });
  expect(now.messages).toHaveLength(50);
  expect(now.messages.at(-1)?.text).toContain('Message 69');
  expect(now.participants.map(({ kind }) => kind)).toEqual(['person', 'ai']);
  expect(now.turn.holder).toBe(me.participantId);
  expect(live).toEqual({ present: [], typing: [], replies: {} });
  expect(me).toMatchObject({ role: 'host', may: { composer: { open: true }, steerTurns: true } });
});

test('what has not changed is not sent again', async () => {
  const first = await ask(server, 'GET', `${chat}/state`, { headers });
  const tag = { ...headers, 'if-none-match': first.headers.get('etag') ?? '' };
  expect((await ask(server, 'GET', `${chat}/state`, { headers: tag })).status).toBe(304);
  await ask(server, 'POST', `${chat}/typing`, { headers, body: { typing: true } });
  const typing = await ask(server, 'GET', `${chat}/state`, { headers: tag });
  expect(typing.body.live).toMatchObject({ typing: [expect.any(String)] });
  await ask(server, 'POST', `${chat}/typing`, { headers, body: { typing: false } });
  await ask(server, 'PUT', `${chat}/completion`, { headers });
  expect((await ask(server, 'GET', `${chat}/state`, { headers: tag })).status).toBe(200);
});

test('a state in memory costs no database query, for the log and the session alike', async () => {
  await state();
  const before = [await metric('parley_log_reads'), await metric('parley_accounts_queries')];
  const begun = performance.now();
  for (let index = 0; index < 50; index++) await state();
  // Within the five seconds after which both are looked at again.
  if (performance.now() - begun > 4_000) throw new Error('The machine is too slow for this test.');
  expect([await metric('parley_log_reads'), await metric('parley_accounts_queries')]).toEqual(before);
});

test('any past moment can be seen, as it was', async () => {
  const { chat: now } = await state();
  const first = await state('?at=3');
  expect(first.chat).toMatchObject({ sequence: 3, messageCount: 0 });
  const middle = await state('?at=13');
  expect(middle.chat.messages.map(({ text }) => text)).toEqual(
    Array.from({ length: 10 }, (_, index) => `Message ${index} about ${index % 2 ? 'apples' : 'pears'}`),
  );
  expect((await state(`?at=${now.sequence}`)).chat).toEqual(now);
});

test('older messages are paged back, each once', async () => {
  const { chat: now } = await state();
  const found: string[] = now.messages.map(({ text }) => text);
  let before = now.messages[0]?.sequence ?? 0;
  for (let more = true; more; ) {
    const { body } = await ask(server, 'GET', `${chat}/messages?before=${before}&limit=7`, { headers });
    const messages = body.messages as { text: string; sequence: number }[];
    found.unshift(...messages.map(({ text }) => text));
    before = messages[0]?.sequence ?? 0;
    more = body.hasMore as boolean;
  }
  expect(found).toHaveLength(70);
  expect(new Set(found).size).toBe(70);
});

test('events are CloudEvents, in order, and stream on from any place until one is removed', async () => {
  const guest = bearer(await server.token('guest'));
  await ask(server, 'GET', '/v1/me', { headers: guest });
  await ask(server, 'POST', `${chat}/participants`, { headers, body: { userId: 'guest', role: 'observer' } });
  const { body } = await ask(server, 'GET', `${chat}/events?after=2&limit=2`, { headers });
  expect(body.events).toMatchObject([
    { specversion: '1.0', type: 'participant.joined', sequence: '00000000000000000003' },
    { type: 'message.sent', authtype: 'person' },
  ]);
  const answer = await fetch(`${server.url}${chat}/events`, {
    headers: { ...guest, accept: 'text/event-stream', 'last-event-id': '70' },
  });
  let text = '';
  let ended = false;
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString();
    ended = true;
  })();
  await waitFor(() => text.includes('id: 71\n'));
  expect(text).not.toContain('id: 70\n');
  await send('Live.');
  await waitFor(() => text.includes('"text":"Live."'));
  await ask(server, 'DELETE', `${chat}/participants/guest`, { headers });
  await waitFor(() => ended);
  await reading;
  expect(text).not.toContain('participant.removed');
});

test('the views rebuilt from nothing are the views kept up to date', async () => {
  const look = async () => {
    const list = await ask(server, 'GET', '/v1/chats', { headers });
    const found = await ask(server, 'GET', '/v1/search?q=apples&limit=100', { headers });
    return [list.body, found.body];
  };
  const before = await look();
  expect(before[1]?.hits).toHaveLength(35);
  await server.stop();
  for (const ending of ['', '-wal', '-shm'])
    await rm(join(server.folder, `views.db${ending}`), { force: true });
  await server.restart();
  expect(await look()).toEqual(before);
});

test('a turn that ran out while the server was down passes on when it is back', async () => {
  await ask(server, 'GET', '/v1/me', { headers: bearer(await server.token('ben')) });
  await ask(server, 'POST', `${chat}/participants`, { headers, body: { userId: 'ben' } });
  await ask(server, 'PATCH', `${chat}/settings`, { headers, body: { turnSeconds: 5 } });
  const { chat: before } = await state();
  await server.stop();
  await new Promise((resolve) =>
    setTimeout(resolve, Date.parse(before.turn.expiresAt ?? '') - Date.now() + 50),
  );
  await server.restart();
  await waitFor(async () => (await state()).chat.turn.holder !== before.turn.holder);
});
