import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What the server does, in order, for one request. */
export type Step =
  | { words: string[]; every?: number }
  /** An answer of this status, with an error as vendors word it, in place of a stream. */
  | { status: number; message?: string }
  /** Nothing, for so many milliseconds. */
  | { wait: number }
  /** A chunk that is no JSON. */
  | { garbage: true }
  /** The connection breaks off. */
  | { drop: true }
  | { finish: 'stop' | 'length' | 'content_filter' };

export interface ModelServer {
  /** To be given as the base address. */
  url: string;
  /** The bodies of the requests, in order. */
  requests: { model: string; messages: { role: string; content: string }[] }[];
  /** How many connections were closed by the client before the answer had ended. */
  hungUp(): number;
  close(): Promise<void>;
}

/** A real HTTP server that speaks OpenAI's chat completions as server-sent events, faults included. */
export async function startModelServer(script: (request: number) => Step[]): Promise<ModelServer> {
  const requests: ModelServer['requests'] = [];
  let hungUp = 0;
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableEnded) hungUp++;
    });
    void answer(request, response, requests, script);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    hungUp: () => hungUp,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  requests: ModelServer['requests'],
  script: (request: number) => Step[],
): Promise<void> {
  let body = '';
  for await (const chunk of request) body += chunk;
  requests.push(JSON.parse(body) as ModelServer['requests'][number]);
  for (const step of script(requests.length)) {
    if (response.destroyed) return;
    await take(step, response);
  }
  if (!response.destroyed) response.end(response.headersSent ? 'data: [DONE]\n\n' : undefined);
}

async function take(step: Step, response: ServerResponse): Promise<void> {
  if ('status' in step) {
    response.writeHead(step.status, { 'content-type': 'application/json' });
    response.write(JSON.stringify({ error: { message: step.message ?? 'no', type: 'error' } }));
  } else if ('wait' in step) {
    begin(response).flushHeaders();
    await pause(step.wait);
  } else if ('garbage' in step) {
    begin(response).write('data: {"choices": [\n\n');
  } else if ('drop' in step) {
    response.destroy();
  } else if ('finish' in step) {
    send(response, {}, step.finish);
  } else {
    for (const content of step.words) {
      send(response, { role: 'assistant', content }, null);
      if (step.every) await pause(step.every);
    }
  }
}

function begin(response: ServerResponse): ServerResponse {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  return response;
}

function send(response: ServerResponse, delta: object, finish: string | null): void {
  const chunk = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'test',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...(finish === null ? {} : { usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } }),
  };
  begin(response).write(`data: ${JSON.stringify(chunk)}\n\n`);
}
