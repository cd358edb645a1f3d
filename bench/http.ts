import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServer } from '../test/server-process.ts';
import { measure } from './load.ts';
import { type BenchResult, inTurns } from './result.ts';

const chats = 200;
const rounds = 3;

async function bareServer(size: number): Promise<{ url: string; child: ChildProcess }> {
  const child = fork(fileURLToPath(new URL('./bare-server.ts', import.meta.url)), [String(size)]);
  const url = await new Promise<string>((resolve) => {
    child.once('message', (message: { url: string }) => resolve(message.url));
  });
  return { url, child };
}

/** Requests a second over HTTP: durable sends into many chats, and the state call from memory. */
export async function run(): Promise<BenchResult[]> {
  const server = await startServer();
  try {
    const headers = { authorization: `Bearer ${await server.token('ada')}` };
    const ids = await Promise.all(Array.from({ length: chats }, () => create(server, headers)));
    return [await sends(server, headers, ids), await states(server, headers, ids)];
  } finally {
    await server.dispose();
  }
}

async function create({ url }: ServerProcess, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`${url}/v1/chats`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Bench' }),
  });
  return ((await answer.json()) as { chatId: string }).chatId;
}

async function sends(
  server: ServerProcess,
  headers: Record<string, string>,
  ids: string[],
): Promise<BenchResult> {
  const bare = await bareServer(0);
  const load = {
    method: 'POST' as const,
    paths: ids.map((id) => `/v1/chats/${id}/messages`),
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      id: '<id>',
      text: 'A message of the length that people usually write, or nearly so.',
    }),
    inFlight: 128,
    seconds: 3,
  };
  const [parley, plain] = await inTurns(
    rounds,
    () => measure({ ...load, url: server.url }),
    () => measure({ ...load, url: bare.url }),
  );
  bare.child.kill();
  return {
    name: 'Durable sends over HTTP, 200 chats, 128 in flight',
    parley: `${Math.round(parley)} requests/s`,
    bare: `${Math.round(plain)} requests/s (Fastify, same body schema, nothing stored)`,
    ratio: parley / plain,
    target: 0.3,
  };
}

async function states(
  server: ServerProcess,
  headers: Record<string, string>,
  ids: string[],
): Promise<BenchResult> {
  const [id = ''] = ids;
  const path = `/v1/chats/${id}/state`;
  const size = (await (await fetch(server.url + path, { headers })).text()).length;
  const bare = await bareServer(size);
  const load = { method: 'GET' as const, headers, inFlight: 64, seconds: 3 };
  const [parley, plain] = await inTurns(
    rounds,
    () => measure({ ...load, url: server.url, paths: [path] }),
    () => measure({ ...load, url: bare.url, paths: ['/state'] }),
  );
  bare.child.kill();
  return {
    name: `State call from memory, ${Math.round(size / 1000)} kB`,
    parley: `${Math.round(parley)} requests/s`,
    bare: `${Math.round(plain)} requests/s (Fastify, a text of the same size)`,
    ratio: parley / plain,
    target: 0.7,
  };
}

if (import.meta.main) console.table(await run());
