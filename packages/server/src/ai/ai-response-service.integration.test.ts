import { openChat } from '@parley/chat/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { AIResponseService, type ReplyEvent, type ReplyLimits } from './ai-response-service.ts';
import type { ModelPart, ModelPort } from './model.ts';
import { type ModelRegistry, modelRegistry } from './models.ts';
import { buildReplyContext } from './reply-context.ts';
import { type ModelServer, type Step, startModelServer } from './testing/openai-compatible-server.ts';

/** The whole way through the real SDK to a real HTTP server, with every fault that such a server can have. */

let server: ModelServer;
afterEach(() => server?.close());

const limits: Partial<ReplyLimits> = {
  firstToken: 300,
  idle: 200,
  total: 2_000,
  coalesce: 20,
  retryAfter: 1,
};

const scenario = openChat({ people: ['ada', 'ben'], ais: ['helper'] }).says(
  'ada',
  'The sea, or the mountains?',
);
const context = buildReplyContext(scenario.chat, {
  responseId: 'r1',
  participantId: 'helper',
  reason: 'always',
});

type Ended = Extract<ReplyEvent, { type: 'ended' }>;

interface Reply {
  events: ReplyEvent[];
  deltas: Extract<ReplyEvent, { type: 'delta' }>[];
  ended: Ended;
}

async function replyTo(
  script: (request: number) => Step[],
  options: {
    limits?: Partial<ReplyLimits>;
    onEvent?: (event: ReplyEvent) => void;
    signal?: AbortSignal;
  } = {},
): Promise<Reply> {
  server = await startModelServer(script);
  const models = modelRegistry({ OPENAI_COMPATIBLE_BASE_URL: server.url, AI_MODEL: 'compatible/test' });
  return collect(new AIResponseService({ models, limits: { ...limits, ...options.limits } }), options);
}

async function collect(
  service: AIResponseService,
  {
    onEvent,
    signal = new AbortController().signal,
  }: { onEvent?: (event: ReplyEvent) => void; signal?: AbortSignal } = {},
): Promise<Reply> {
  const events: ReplyEvent[] = [];
  for await (const event of service.generate(context, { signal })) {
    events.push(event);
    onEvent?.(event);
  }
  const deltas = events.filter((event) => event.type === 'delta');
  const ends = events.filter((event) => event.type === 'ended');
  expect(events[0]).toMatchObject({ type: 'started' });
  expect(ends).toHaveLength(1);
  const [ended] = ends;
  if (ended === undefined) throw new Error('The reply has no end.');
  // Whoever follows the words has the text.
  expect(deltas.map(({ text }) => text).join('')).toBe(ended.text);
  let offset = 0;
  for (const delta of deltas) {
    expect(delta.offset).toBe(offset);
    offset += delta.text.length;
  }
  return { events, deltas, ended };
}

const hello: Step = { words: ['Hello', ' Ada', ',', ' the', ' sea', '.'] };

test('an answer arrives word by word, and complete, with what it cost', async () => {
  const { ended } = await replyTo(() => [hello, { finish: 'stop' }]);
  expect(ended).toMatchObject({
    status: 'completed',
    text: 'Hello Ada, the sea.',
    model: 'compatible/test',
    usage: { inputTokens: 11, outputTokens: 7, estimated: false },
  });
  expect(server.requests[0]).toMatchObject({
    model: 'test',
    messages: [{ role: 'system' }, { role: 'user' }],
  });
  expect(server.requests[0]?.messages[1]?.content).toContain('"text":"The sea, or the mountains?"');
});

test('words that come fast are gathered', async () => {
  const words = Array.from({ length: 100 }, (_, index) => `w${index} `);
  const { deltas } = await replyTo(() => [{ words, every: 1 }, { finish: 'stop' }], {
    limits: { coalesce: 50 },
  });
  expect(deltas.length).toBeGreaterThan(1);
  expect(deltas.length).toBeLessThan(20);
});

describe('faults', () => {
  const cases: [what: string, steps: Step[], code: string, requests: number, text: string][] = [
    ['a refused key', [{ status: 401 }], 'ai.refused_key', 1, ''],
    ['a model that there is not', [{ status: 404 }], 'ai.misconfigured', 1, ''],
    ['too many requests', [{ status: 429 }], 'ai.rate_limited', 2, ''],
    ['a broken server', [{ status: 500 }], 'ai.unavailable', 2, ''],
    [
      'too long a conversation',
      [{ status: 400, message: 'maximum context length is 8192 tokens' }],
      'ai.context_too_long',
      1,
      '',
    ],
    ['a request that is not understood', [{ status: 422 }], 'ai.rejected', 1, ''],
    ['no connection', [{ drop: true }], 'ai.unavailable', 2, ''],
    ['silence', [{ wait: 1_000 }], 'ai.timeout', 2, ''],
    ['silence in the middle', [hello, { wait: 1_000 }], 'ai.timeout', 1, 'Hello Ada, the sea.'],
    [
      'a connection that breaks off',
      [hello, { wait: 30 }, { drop: true }],
      'ai.broken_stream',
      1,
      'Hello Ada, the sea.',
    ],
    ['an empty answer', [{ finish: 'stop' }], 'ai.empty', 1, ''],
    ['an answer held back', [hello, { finish: 'content_filter' }], 'ai.filtered', 1, 'Hello Ada, the sea.'],
  ];
  test.each(cases)('%s', async (_what, steps, code, requests, text) => {
    const { ended } = await replyTo(() => steps);
    expect(ended).toMatchObject({ status: 'failed', code, text });
    expect(ended.message).toMatch(/^[A-Z].*\.$/);
    expect(server.requests).toHaveLength(requests);
  });

  test('an answer that came to its length is complete', async () => {
    expect((await replyTo(() => [hello, { finish: 'length' }])).ended).toMatchObject({ status: 'completed' });
  });

  test('what goes well the second time went well', async () => {
    const { ended } = await replyTo((request) =>
      request === 1 ? [{ status: 503 }] : [hello, { finish: 'stop' }],
    );
    expect(ended).toMatchObject({ status: 'completed', text: 'Hello Ada, the sea.' });
  });

  test('an answer without end is ended', async () => {
    const words = Array.from({ length: 200 }, () => 'on ');
    const { ended } = await replyTo(() => [{ words, every: 20 }], { limits: { total: 300 } });
    expect(ended).toMatchObject({ status: 'failed', code: 'ai.timeout' });
    expect(ended.text.length).toBeGreaterThan(5);
  });
});

test('stopping keeps the words so far, and hangs up on the vendor', async () => {
  const stopping = new AbortController();
  const words = Array.from({ length: 100 }, (_, index) => `w${index} `);
  const { ended } = await replyTo(() => [{ words, every: 20 }], {
    signal: stopping.signal,
    onEvent: ({ type }) => type === 'delta' && setTimeout(() => stopping.abort(), 50),
  });
  expect(ended.status).toBe('stopped');
  expect(ended.text).toMatch(/^w0 /);
  expect(ended.usage?.estimated).toBe(true);
  const until = performance.now() + 2_000;
  while (server.hungUp() === 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(server.hungUp()).toBe(1);
});

test('a model that does not heed its signal is left behind', async () => {
  server = await startModelServer(() => []);
  const deaf: ModelPort = {
    id: 'deaf/model',
    label: 'Deaf',
    async *doStream(): AsyncIterable<ModelPart> {
      yield { type: 'text', text: 'Hm' };
      await new Promise(() => {});
    },
  };
  const models: ModelRegistry = { default: deaf.id, list: () => [], has: () => true, get: () => deaf };
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(), 50);
  const service = new AIResponseService({ models, limits: { ...limits, idle: 60_000 } });
  expect((await collect(service, { signal: stopping.signal })).ended).toMatchObject({
    status: 'stopped',
    text: 'Hm',
  });
});
