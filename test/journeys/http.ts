import type { ServerProcess } from '../server-process.ts';

export interface Answer {
  status: number;
  body: Record<string, unknown> & { code?: string; detail?: string };
  headers: Headers;
}

/** One request, with nothing added to it. */
export async function ask(
  server: Pick<ServerProcess, 'url'>,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const raw = typeof body === 'string' || body === undefined;
  const answer = await fetch(server.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const parsed = (text.startsWith('{') ? JSON.parse(text) : { text }) as Answer['body'];
  return { status: answer.status, body: parsed, headers: answer.headers };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The cookies that an answer sets, as the browser sends them back. */
export function cookiesOf({ headers }: Answer): Record<string, string> {
  return {
    cookie: headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; '),
  };
}
