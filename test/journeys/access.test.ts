import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServerProcess, startServer } from '../server-process.ts';
import { ask, bearer } from './http.ts';

/** Everything is denied unless allowed: tried from outside, on every address that the server describes. */

let server: ServerProcess;
const tokens: Record<string, string> = {};
let chatId = '';
let messageId = '';

const people = ['host', 'member', 'guest', 'observer', 'stranger'] as const;

beforeAll(async () => {
  server = await startServer();
  for (const who of people) {
    tokens[who] = await server.token(who);
    await ask(server, 'GET', '/v1/me', { headers: as(who) });
  }
  const made = await ask(server, 'POST', '/v1/chats', {
    headers: as('host'),
    body: { title: 'Closed', ai: [{ policy: 'never' }] },
  });
  chatId = String(made.body.chatId);
  for (const role of ['member', 'guest', 'observer']) {
    const body = { userId: role, role };
    await ask(server, 'POST', `/v1/chats/${chatId}/participants`, { headers: as('host'), body });
  }
  messageId = crypto.randomUUID();
  const body = { id: messageId, text: 'Said by the host.' };
  await ask(server, 'POST', `/v1/chats/${chatId}/messages`, { headers: as('host'), body });
});
afterAll(() => server.dispose());

const as = (who: string) => bearer(tokens[who] ?? '');

interface Operation {
  method: string;
  path: string;
}

async function operations(): Promise<Operation[]> {
  const { body } = await ask(server, 'GET', '/openapi.json');
  const paths = body.paths as Record<string, Record<string, unknown>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

/** The only addresses that answer somebody unknown, besides the page and the documentation. */
const open = new Set([
  'POST /v1/setup',
  'POST /v1/sign-in',
  'GET /v1/invites/{token}',
  'POST /v1/invites/{token}/accept',
  'GET /healthz',
  'GET /readyz',
]);

const filled = (path: string) =>
  path
    .replace('{chatId}', chatId)
    .replace('{messageId}', messageId)
    .replace('{emoji}', encodeURIComponent('👍'))
    .replace('{participantId}', 'guest')
    .replace('{inviteId}', crypto.randomUUID())
    .replace('{responseId}', 'none')
    .replace('{token}', 'none');

test('without proof of who one is, every address but a few says 401', async () => {
  const all = await operations();
  expect(all.length).toBeGreaterThan(30);
  for (const { method, path } of all) {
    const { status, body } = await ask(server, method, filled(path), method === 'GET' ? {} : { body: {} });
    if (open.has(`${method} ${path}`)) expect(status, `${method} ${path}`).not.toBe(401);
    else expect([status, body.code], `${method} ${path}`).toEqual([401, 'auth.required']);
  }
});

test('to a stranger every address of a chat answers as if there were no such chat', async () => {
  const bodies: Record<string, unknown> = {
    'PATCH /v1/chats/{chatId}': { title: 'x' },
    'PATCH /v1/chats/{chatId}/settings': { aiHops: 1 },
    'POST /v1/chats/{chatId}/messages': { id: crypto.randomUUID(), text: 'x' },
    'PATCH /v1/chats/{chatId}/messages/{messageId}': { text: 'x' },
    'POST /v1/chats/{chatId}/read': { sequence: 1 },
    'POST /v1/chats/{chatId}/typing': { typing: true },
    'POST /v1/chats/{chatId}/turn/grant': { participantId: 'guest' },
    'POST /v1/chats/{chatId}/participants': { userId: 'guest' },
    'PATCH /v1/chats/{chatId}/participants/{participantId}': { muted: true },
    'POST /v1/chats/{chatId}/ai-participants': {},
    'POST /v1/chats/{chatId}/ai-responses': { participantId: 'ai.facilitator' },
    'POST /v1/chats/{chatId}/invites': {},
  };
  const inChats = (await operations()).filter(({ path }) => path.includes('{chatId}'));
  expect(inChats.length).toBeGreaterThan(20);
  for (const { method, path } of inChats) {
    const body = bodies[`${method} ${path}`];
    const answer = await ask(server, method, filled(path), {
      headers: as('stranger'),
      ...(body === undefined ? {} : { body }),
    });
    expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([404, 'chat.not_found']);
  }
});

describe('what a role does not have is refused', () => {
  const attempts: [role: string, method: string, path: string, body: unknown, code: string][] = [
    ['observer', 'POST', '/messages', { id: crypto.randomUUID(), text: 'x' }, 'participant.observer'],
    ['observer', 'POST', '/typing', { typing: true }, 'participant.observer'],
    ['observer', 'POST', '/invites', {}, 'participant.observer'],
    ['guest', 'POST', '/invites', {}, 'participant.not_allowed'],
    ['guest', 'POST', '/archive', undefined, 'participant.not_allowed'],
    ['member', 'POST', '/invites', { role: 'host' }, 'participant.not_allowed'],
    ['member', 'PATCH', '', { title: 'Mine' }, 'participant.not_allowed'],
    ['member', 'PATCH', '/settings', { turnMode: 'strict' }, 'participant.not_allowed'],
    ['member', 'POST', '/ai-participants', {}, 'participant.not_allowed'],
    ['member', 'POST', '/participants', { userId: 'stranger' }, 'participant.not_allowed'],
    ['member', 'DELETE', '/participants/guest', undefined, 'participant.not_allowed'],
    ['member', 'PATCH', '/participants/guest', { muted: true }, 'participant.not_allowed'],
    ['member', 'PATCH', '/participants/member', { role: 'host' }, 'participant.not_allowed'],
    ['member', 'PATCH', '/messages/MESSAGE', { text: 'Forged' }, 'message.not_yours'],
    ['member', 'DELETE', '/messages/MESSAGE', undefined, 'message.not_yours'],
  ];
  test.each(attempts)('%s: %s %s', async (role, method, path, body, code) => {
    const address = `/v1/chats/${chatId}${path.replace('MESSAGE', messageId)}`;
    const answer = await ask(server, method, address, {
      headers: as(role),
      ...(body === undefined ? {} : { body }),
    });
    expect([answer.status, answer.body.code]).toEqual([403, code]);
  });
});

describe('channels', () => {
  const subscribe = (who: string, channel: string, path = '/pusher/auth') =>
    ask(server, 'POST', path, { headers: as(who), body: { socket_id: '1.2', channel_name: channel } });

  test('members join their chat’s channel and their own, at both addresses that clients use', async () => {
    for (const path of ['/pusher/auth', '/broadcasting/auth']) {
      const chat = await subscribe('observer', `presence-chat-${chatId}`, path);
      expect(chat.body).toMatchObject({
        auth: expect.any(String),
        channel_data: expect.stringContaining('observer'),
      });
      expect((await subscribe('guest', 'private-user-guest', path)).status).toBe(200);
    }
  });

  test.each([
    ['stranger', () => `presence-chat-${chatId}`],
    ['guest', () => 'private-user-host'],
    ['guest', () => 'presence-chat-'],
    ['guest', () => `private-chat-${chatId}`],
    ['host', () => 'private-everything'],
    ['host', () => 'news'],
  ])('%s is refused %s', async (who, channel) => {
    const { status, body } = await subscribe(who, channel());
    expect([status, body.code]).toEqual([403, 'auth.forbidden']);
  });

  test('a form, as Pusher clients send it, is understood', async () => {
    const answer = await fetch(`${server.url}/pusher/auth`, {
      method: 'POST',
      headers: as('host'),
      body: new URLSearchParams({ socket_id: '1.2', channel_name: `presence-chat-${chatId}` }),
    });
    expect(answer.status).toBe(200);
  });
});

test('metrics are for operators alone', async () => {
  expect((await ask(server, 'GET', '/metrics', { headers: as('host') })).status).toBe(403);
  const backend = bearer(await server.token('backend', { role: 'server' }));
  const { body } = await ask(server, 'GET', '/metrics', { headers: backend });
  expect(body.text).toContain('parley_http_request_seconds_count');
  expect(body.text).toContain('parley_log_appends');
  expect(body.text).toContain('parley_handler_handled{name="answer-requests"}');
});

test('search and lists show one’s own chats alone', async () => {
  for (const who of ['host', 'guest', 'stranger']) {
    const { body } = await ask(server, 'GET', '/v1/search?q=host', { headers: as(who) });
    expect((body.hits as unknown[]).length, who).toBe(who === 'stranger' ? 0 : 1);
    const list = await ask(server, 'GET', '/v1/chats', { headers: as(who) });
    expect((list.body.chats as unknown[]).length, who).toBe(who === 'stranger' ? 0 : 1);
  }
});
