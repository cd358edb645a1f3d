import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerProcess, startServer } from '../server-process.ts';
import { ask, bearer } from './http.ts';

/** Whatever is sent: a clear answer with a stable code, no stack, and nothing changed. */

let server: ServerProcess;
let headers: Record<string, string>;
let chat = '';

beforeAll(async () => {
  server = await startServer();
  headers = bearer(await server.token('ada', { name: 'Ada' }));
  const { body } = await ask(server, 'POST', '/v1/chats', { headers, body: { title: 'Sturdy' } });
  chat = `/v1/chats/${body.chatId}`;
});
afterAll(() => server.dispose());

const id = crypto.randomUUID();
const bodies: [what: string, path: string, body: unknown, status: number, code: string][] = [
  ['broken JSON', '/messages', '{"id":', 400, 'request.malformed_json'],
  ['no body', '/messages', '', 400, 'request.invalid'],
  ['an array', '/messages', '[]', 400, 'request.invalid'],
  ['a poisoned prototype', '/messages', '{"__proto__":{"admin":true}}', 400, 'request.malformed_json'],
  ['an unknown field', '/messages', { id, text: 'x', admin: true }, 400, 'request.invalid'],
  ['a wrong type', '/messages', { id, text: 7 }, 400, 'request.invalid'],
  ['an id that is none', '/messages', { id: '../../etc', text: 'x' }, 400, 'request.invalid'],
  ['a text too long', '/messages', { id, text: 'x'.repeat(16_001) }, 400, 'request.invalid'],
  ['a NUL character', '/messages', { id, text: 'a\u0000b' }, 400, 'request.invalid'],
  ['half a character', '/messages', `{"id":"${id}","text":"a\\ud800b"}`, 400, 'request.invalid'],
  ['nothing but spaces', '/messages', { id, text: '  \n ' }, 422, 'message.empty'],
  ['a body too large', '/messages', { id, text: 'x'.repeat(300_000) }, 413, 'request.too_large'],
  [
    'an answer to nothing',
    '/messages',
    { id, text: 'x', replyTo: crypto.randomUUID() },
    404,
    'message.not_found',
  ],
  ['reading ahead', '/read', { sequence: 10_000 }, 422, 'message.ahead'],
  ['a negative sequence', '/read', { sequence: -1 }, 400, 'request.invalid'],
  ['an AI model that there is not', '/ai-participants', { model: 'nobody/knows' }, 422, 'ai.unknown_model'],
  ['somebody unknown', '/participants', { userId: 'nobody' }, 404, 'participant.not_found'],
  ['an invite for years', '/invites', { hours: 100_000 }, 400, 'request.invalid'],
];

test.each(bodies)('%s', async (_what, path, body, status, code) => {
  const before = await ask(server, 'GET', `${chat}/state`, { headers });
  const answer = await ask(server, 'POST', chat + path, { headers, body });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body.detail).toMatch(/^.{10,}$/);
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:\d+|at /);
  const after = await ask(server, 'GET', `${chat}/state`, { headers });
  expect(after.body.chat).toEqual(before.body.chat);
});

const addresses: [method: string, path: string, status: number, code: string][] = [
  ['GET', '/v1/nothing', 404, 'request.not_found'],
  ['GET', '/v1/chats/not-a-uuid/state', 400, 'request.invalid'],
  ['GET', '/v1/chats/%ff/state', 400, 'request.invalid'],
  ['GET', `/v1/chats/${crypto.randomUUID()}/state`, 404, 'chat.not_found'],
  ['GET', 'CHAT/state?at=9999', 404, 'chat.sequence_not_found'],
  ['GET', 'CHAT/state?at=zero', 400, 'request.invalid'],
  ['GET', 'CHAT/messages?limit=100000', 400, 'request.invalid'],
  ['GET', 'CHAT/events?unknown=1', 400, 'request.invalid'],
  ['PUT', `CHAT/messages/${id}/reactions/hello`, 400, 'request.invalid'],
  ['DELETE', `CHAT/messages/${crypto.randomUUID()}`, 404, 'message.not_found'],
  ['POST', 'CHAT/ai-responses/none/stop', 404, 'ai_response.not_found'],
  ['POST', 'CHAT/turn/skip', 409, 'turn.not_used'],
  ['POST', 'CHAT/restore', 409, 'chat.not_archived'],
  ['GET', '/v1/search?q=', 400, 'request.invalid'],
];

test.each(addresses)('%s %s', async (method, path, status, code) => {
  const { status: got, body } = await ask(server, method, path.replace('CHAT', chat), { headers });
  expect([got, body.code]).toEqual([status, code]);
});

test('another kind of body is refused', async () => {
  const answer = await ask(server, 'POST', `${chat}/messages`, {
    headers: { ...headers, 'content-type': 'text/xml' },
    body: '<message/>',
  });
  expect([answer.status, answer.body.code]).toEqual([415, 'request.unsupported_media_type']);
});

test('search takes whatever people type', async () => {
  for (const words of ['"', 'a AND', "x' OR 1=1 --", '*', '(', 'NEAR(a b)', '🙂', '%', 'col:umn', '-minus']) {
    const { status } = await ask(server, 'GET', `/v1/search?q=${encodeURIComponent(words)}`, { headers });
    expect(status, words).toBe(200);
  }
});

test('the same message twice is one message, whenever it is sent again; under its id nothing else can be said', async () => {
  const message = { id: crypto.randomUUID(), text: 'Once.' };
  const send = (body: object) => ask(server, 'POST', `${chat}/messages`, { headers, body });
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(message)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
  expect(new Set(answers.map(({ body }) => body.sequence)).size).toBe(1);
  for (let index = 0; index < 60; index++) await send({ id: crypto.randomUUID(), text: `Later ${index}` });
  expect((await send(message)).status).toBe(200);
  expect((await send({ ...message, text: 'Twice.' })).body.code).toBe('message.id_taken');
  const { body } = await ask(server, 'GET', `${chat}/events?limit=1000`, { headers });
  const sent = (body.events as { type: string; subject?: string }[]).filter(
    ({ subject }) => subject === message.id,
  );
  expect(sent).toHaveLength(1);
});

test('one person cannot give more commands than allowed', async () => {
  const strict = await startServer({ PARLEY_RATE_LIMIT: '2' });
  try {
    const person = bearer(await strict.token('fast'));
    const made = await ask(strict, 'POST', '/v1/chats', { headers: person, body: { title: 'Fast' } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        ask(strict, 'POST', `/v1/chats/${made.body.chatId}/messages`, {
          headers: person,
          body: { id: crypto.randomUUID(), text: 'x' },
        }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused[0]?.body.code).toBe('request.rate_limited');
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
  } finally {
    await strict.dispose();
  }
});
