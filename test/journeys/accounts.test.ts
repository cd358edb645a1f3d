import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServerProcess, startServer } from '../server-process.ts';
import { type Answer, ask, bearer, cookiesOf } from './http.ts';

let server: ServerProcess;
let owner: Record<string, string>;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.dispose());

const account = { name: 'Ada', email: 'ada@example.org', password: 'correct horse' };
const problem = ({ status, body }: Answer) => [status, body.code];

describe('the first run', () => {
  test('nobody can sign in before there is an owner', async () => {
    const { email, password } = account;
    expect(problem(await ask(server, 'POST', '/v1/sign-in', { body: { email, password } }))).toEqual([
      503,
      'auth.setup_required',
    ]);
  });

  test('the wrong link makes nobody the owner, the printed one does, and only once', async () => {
    const setUp = (token: string) => ask(server, 'POST', '/v1/setup', { body: { ...account, token } });
    expect(problem(await setUp('guessed'))).toEqual([403, 'auth.setup_token']);
    const done = await setUp(server.setupToken ?? '');
    expect(done.body.user).toMatchObject({ name: 'Ada', kind: 'owner' });
    expect(done.headers.getSetCookie()[0]).toMatch(/HttpOnly.*SameSite=Lax/i);
    owner = cookiesOf(done);
    expect(problem(await setUp(server.setupToken ?? ''))).toEqual([410, 'auth.setup_done']);
  });

  test('after a restart no link is printed any more', async () => {
    await server.stop();
    await server.restart();
    expect(server.setupToken).toBeUndefined();
  });
});

describe('sessions', () => {
  test('a wrong password and an unknown address are told alike', async () => {
    const signIn = (email: string, password: string) =>
      ask(server, 'POST', '/v1/sign-in', { body: { email, password } });
    const refused = [401, 'auth.invalid_credentials'];
    expect(problem(await signIn(account.email, 'wrong'))).toEqual(refused);
    expect(problem(await signIn('nobody@example.org', account.password))).toEqual(refused);
    expect((await signIn('ADA@example.org', account.password)).status).toBe(200);
  });

  test('guessing is slowed down', async () => {
    const codes = new Set<unknown>();
    for (let attempt = 0; attempt < 15; attempt++) {
      const body = { email: 'victim@example.org', password: `guess ${attempt}` };
      codes.add((await ask(server, 'POST', '/v1/sign-in', { body })).body.code);
    }
    expect(codes).toContain('request.rate_limited');
  });

  test('who signs out is out', async () => {
    const body = { email: account.email, password: account.password };
    // The network's allowance was used up by the guessing.
    let session: Answer;
    do {
      session = await ask(server, 'POST', '/v1/sign-in', { body });
      if (session.status === 429) await new Promise((resolve) => setTimeout(resolve, 500));
    } while (session.status === 429);
    const headers = cookiesOf(session);
    expect((await ask(server, 'GET', '/v1/me', { headers })).status).toBe(200);
    expect((await ask(server, 'POST', '/v1/sign-out', { headers })).status).toBe(204);
    expect(problem(await ask(server, 'GET', '/v1/me', { headers }))).toEqual([401, 'auth.required']);
  });

  test('a page of another address cannot use the cookie', async () => {
    const headers = { ...owner, origin: 'https://evil.example' };
    const forged = await ask(server, 'POST', '/v1/chats', { headers, body: { title: 'Forged' } });
    expect(problem(forged)).toEqual([403, 'auth.wrong_origin']);
    const own = { ...owner, origin: server.url };
    expect((await ask(server, 'POST', '/v1/chats', { headers: own, body: { title: 'Own' } })).status).toBe(
      201,
    );
  });
});

describe('invites', () => {
  async function invite(body: object): Promise<{ token: string; chatId: string; inviteId: string }> {
    const chat = await ask(server, 'POST', '/v1/chats', { headers: owner, body: { title: 'By link' } });
    const chatId = String(chat.body.chatId);
    const made = await ask(server, 'POST', `/v1/chats/${chatId}/invites`, { headers: owner, body });
    return { token: String(made.body.token), chatId, inviteId: String(made.body.inviteId) };
  }
  const accept = (token: string, body: object = {}, headers = {}) =>
    ask(server, 'POST', `/v1/invites/${token}/accept`, { body, headers });

  test('a guest comes in by name, may talk, and may not open chats', async () => {
    const { token, chatId } = await invite({});
    expect((await ask(server, 'GET', `/v1/invites/${token}`)).body).toMatchObject({
      chatTitle: 'By link',
      invitedBy: 'Ada',
    });
    const arrived = await accept(token, { name: 'Ben' });
    expect(arrived.body).toMatchObject({
      chatId,
      me: { user: { name: 'Ben', kind: 'guest' }, mayCreateChats: false },
    });
    const headers = cookiesOf(arrived);
    const body = { id: crypto.randomUUID(), text: 'Hello' };
    expect((await ask(server, 'POST', `/v1/chats/${chatId}/messages`, { headers, body })).status).toBe(201);
    const chat = await ask(server, 'POST', '/v1/chats', { headers, body: { title: 'Mine' } });
    expect(problem(chat)).toEqual([403, 'auth.forbidden']);
    // The link a second time is the same place.
    expect((await accept(token, {}, headers)).body.chatId).toBe(chatId);
  });

  test('a link for members makes an account; a link for guests does not', async () => {
    const body = { name: 'Cem', email: 'cem@example.org', password: 'a long enough one' };
    expect(problem(await accept((await invite({})).token, body))).toEqual([403, 'auth.forbidden']);
    const made = await accept((await invite({ role: 'member' })).token, body);
    expect(made.body.me).toMatchObject({
      user: { kind: 'member', email: 'cem@example.org' },
      mayCreateChats: true,
    });
    const again = await accept((await invite({ role: 'member' })).token, body);
    expect(problem(again)).toEqual([409, 'auth.email_taken']);
  });

  test('a link ends with its uses, and when it is revoked; a wrong one is told like an ended one', async () => {
    const once = await invite({ maxUses: 1 });
    expect((await accept(once.token, { name: 'First' })).status).toBe(200);
    expect(problem(await accept(once.token, { name: 'Second' }))).toEqual([404, 'invite.not_found']);
    const revoked = await invite({});
    await ask(server, 'DELETE', `/v1/chats/${revoked.chatId}/invites/${revoked.inviteId}`, {
      headers: owner,
    });
    expect(problem(await accept(revoked.token, { name: 'Late' }))).toEqual([404, 'invite.not_found']);
    expect(problem(await accept('guessed', { name: 'Lucky' }))).toEqual([404, 'invite.not_found']);
  });

  test('who was removed does not come back by the link', async () => {
    const { token, chatId } = await invite({});
    const arrived = await accept(token, { name: 'Dan' });
    const { user } = (arrived.body.me ?? {}) as { user: { id: string } };
    await ask(server, 'DELETE', `/v1/chats/${chatId}/participants/${user.id}`, { headers: owner });
    expect(problem(await accept(token, {}, cookiesOf(arrived)))).toEqual([404, 'invite.not_found']);
  });
});

describe('tokens of an app', () => {
  const me = (token: string) => ask(server, 'GET', '/v1/me', { headers: bearer(token) });

  test('somebody unknown with a valid token is known from then on', async () => {
    expect((await me(await server.token('eve', { name: 'Eve' }))).body.user).toEqual({
      id: 'eve',
      name: 'Eve',
      kind: 'app',
    });
  });

  test.each([
    ['expired', async () => server.token('eve', { expiresIn: -10 })],
    ['of another key', async () => sign({ kid: 'other-key' })],
    ['of another secret', async () => sign({ secret: 'x'.repeat(43) })],
    ['without an expiry', async () => sign({ expiry: false })],
    ['with a role that there is not', async () => sign({ role: 'owner' })],
    ['in the name of an AI participant', async () => server.token('ai.facilitator')],
    [
      'unsigned',
      async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"eve","name":"Eve","exp":9999999999}')}.`,
    ],
    ['not a token', async () => 'nonsense'],
  ])('a token %s is refused', async (_what, make) => {
    expect(problem(await me(await make()))).toEqual([401, 'auth.invalid_token']);
  });

  test('a backend acts for anybody; nobody else does', async () => {
    const backend = bearer(await server.token('backend', { role: 'server' }));
    const asEve = await ask(server, 'GET', '/v1/me', { headers: { ...backend, 'parley-act-as': 'eve' } });
    expect(asEve.body.user).toMatchObject({ id: 'eve' });
    const unknown = await ask(server, 'GET', '/v1/me', {
      headers: { ...backend, 'parley-act-as': 'nobody' },
    });
    expect(problem(unknown)).toEqual([404, 'participant.not_found']);
    const eve = bearer(await server.token('eve'));
    const forged = await ask(server, 'GET', '/v1/me', { headers: { ...eve, 'parley-act-as': 'backend' } });
    expect(problem(forged)).toEqual([403, 'auth.forbidden']);
  });

  async function sign({
    kid,
    secret,
    expiry = true,
    role,
  }: {
    kid?: string;
    secret?: string;
    expiry?: boolean;
    role?: string;
  }) {
    const { readFile } = await import('node:fs/promises');
    const keys = JSON.parse(await readFile(`${server.folder}/keys.json`, 'utf8')) as Record<string, string>;
    const token = new SignJWT({ name: 'Eve', ...(role === undefined ? {} : { role }) })
      .setProtectedHeader({ alg: 'HS256', kid: kid ?? keys.appKey ?? '' })
      .setSubject('eve');
    if (expiry) token.setExpirationTime('1h');
    return token.sign(new TextEncoder().encode(secret ?? keys.appSecret ?? ''));
  }
});

test('the keys are for their owner’s eyes, and nothing secret is logged', async () => {
  const { stat } = await import('node:fs/promises');
  expect((await stat(`${server.folder}/keys.json`)).mode & 0o077).toBe(0);
  expect(server.output()).not.toContain(account.password);
});
