import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Http, type HttpOptions } from './http.ts';
import { ParleyError } from './parley-error.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function clientOf(listener: RequestListener, options: Partial<HttpOptions> = {}): Promise<Http> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new Http({ url: `http://127.0.0.1:${port}`, fetch, onSignedOut: () => {}, ...options });
}

async function failureOf(http: Http): Promise<ParleyError> {
  const failure: unknown = await http.ask('GET', '/v1/me').catch((error: unknown) => error);
  if (!ParleyError.is(failure)) throw new Error('It did not fail as it should.', { cause: failure });
  return failure;
}

const problem = (status: number, code: string, headers: Record<string, string> = {}): RequestListener => {
  const body = JSON.stringify({ type: 'about:blank', title: 'No', status, code, detail: 'Not so.' });
  return (_, response) => response.writeHead(status, headers).end(body);
};

test('a refusal carries the server’s code and sentence', async () => {
  const failure = await failureOf(await clientOf(problem(409, 'turn.not_yours')));
  expect(failure).toMatchObject({
    code: 'turn.not_yours',
    status: 409,
    message: 'Not so.',
    retryable: false,
  });
});

test('a server that has too much to do says when to come back', async () => {
  const failure = await failureOf(
    await clientOf(problem(429, 'request.rate_limited', { 'retry-after': '7' })),
  );
  expect(failure).toMatchObject({ retryable: true, retryAfter: 7_000 });
});

test('a chat’s own limit on messages is not waited out by a machine', async () => {
  expect((await failureOf(await clientOf(problem(429, 'turn.rate_limited')))).retryable).toBe(false);
});

test.each<[string, RequestListener, number]>([
  ['a proxy’s page', (_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'), 502],
  ['a page where an answer should be', (_, response) => response.end('<h1>Welcome to the café</h1>'), 0],
  ['an answer that breaks off', (_, response) => response.write('{"user":', () => response.destroy()), 0],
  ['no answer', (request) => request.socket.destroy(), 0],
])('%s is a failure that passes', async (_, listener, status) => {
  expect(await failureOf(await clientOf(listener))).toMatchObject({ status, retryable: true });
});

test('a token that cannot be had is a failure that passes, too', async () => {
  const token = () => Promise.reject(new Error('The backend is away.'));
  const failure = await failureOf(await clientOf((_, response) => response.end('{}'), { token }));
  expect(failure).toMatchObject({ code: 'network', retryable: true });
});

test('a token is asked for with every request, and its end is told', async () => {
  const seen: (string | undefined)[] = [];
  let count = 0;
  let signedOut = 0;
  const http = await clientOf(
    (request, response) => {
      seen.push(request.headers.authorization);
      problem(401, 'auth.invalid_token')(request, response);
    },
    { token: () => `t${++count}`, onSignedOut: () => signedOut++ },
  );
  await failureOf(http);
  await failureOf(http);
  expect(seen).toEqual(['Bearer t1', 'Bearer t2']);
  expect(signedOut).toBe(2);
});
