import type { SentResponse } from '@parley/chat/api';
import { expect, test, vi } from 'vitest';
import { Outbox } from './outbox.ts';
import { ParleyError } from './parley-error.ts';

type Post = ConstructorParameters<typeof Outbox>[0]['post'];

const sent = (messageId: string): SentResponse => ({
  chatId: 'c',
  sequence: 1,
  position: 1,
  messageId,
  at: '',
});
const refused = (status: number, code: string) =>
  new ParleyError({ status, code, detail: code }, { retryAfter: 5 });

function outbox(post: Post, kept?: Map<string, string>, key = 'ada') {
  const box = new Outbox({
    post,
    onChange: () => {},
    onSent: () => {},
    storage: kept && {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
  });
  box.open(key);
  return box;
}

const offline = () => Promise.reject(new ParleyError({}, { retryAfter: 60_000 }));

test('messages go out one after another, in the order in which they were written', async () => {
  const texts: string[] = [];
  let busy = 0;
  const box = outbox(async ({ id, text }) => {
    expect(++busy).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    busy--;
    texts.push(text);
    return sent(id);
  });
  for (const text of ['a', 'b', 'c']) box.add(text);
  await vi.waitFor(() => expect(texts).toEqual(['a', 'b', 'c']));
});

test('no answer, a full server and a broken one are tried again under the same id', async () => {
  const ids: string[] = [];
  const failures = [
    new ParleyError({}, { retryAfter: 1 }),
    refused(503, 'server.overloaded'),
    refused(429, 'request.rate_limited'),
  ];
  const box = outbox(async ({ id }) => {
    ids.push(id);
    const failure = failures.shift();
    if (failure) throw failure;
    return sent(id);
  });
  box.add('once');
  await vi.waitFor(() => expect(box.messages[0]?.status).toBe('sent'));
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(1);
});

test('a no waits for its author, and does not hold up the next', async () => {
  let allowed = false;
  const box = outbox(async ({ id, text }) => {
    if (text === 'early' && !allowed) throw refused(409, 'turn.not_yours');
    return sent(id);
  });
  const early = box.add('early');
  box.add('next');
  await vi.waitFor(() => expect(box.messages.map(({ status }) => status)).toEqual(['failed', 'sent']));
  expect(box.messages[0]?.error?.code).toBe('turn.not_yours');
  allowed = true;
  box.retry(early);
  await vi.waitFor(() => expect(box.messages[0]?.status).toBe('sent'));
});

test('what was not sent survives a reload', async () => {
  const kept = new Map<string, string>();
  const before = outbox(offline, kept);
  const id = before.add('kept');
  before.close();
  expect(kept.size).toBe(1);
  const posted: string[] = [];
  const after = outbox(async (message) => {
    posted.push(message.id);
    return sent(message.id);
  }, kept);
  await vi.waitFor(() => expect(posted).toEqual([id]));
  after.remove(id);
  expect(kept.size).toBe(0);
});

test('what one person has not sent is never sent by the next who signs in', () => {
  const kept = new Map<string, string>();
  outbox(offline, kept, 'ada').add('between us');
  expect(outbox(offline, kept, 'ben').messages).toEqual([]);
  expect(outbox(offline, kept, 'ada').messages).toMatchObject([{ text: 'between us' }]);
});

test('two windows on one chat keep each other’s messages', () => {
  const kept = new Map<string, string>();
  const [one, other] = [outbox(offline, kept), outbox(offline, kept)];
  const first = one.add('from one');
  other.add('from the other');
  one.remove(first);
  expect(outbox(offline, kept).messages.map(({ text }) => text)).toEqual(['from the other']);
});

test('a damaged storage is an empty one', () => {
  for (const text of ['{', 'null', '{"a":1}', '[1, {"id": 2}]']) {
    expect(outbox(offline, new Map([['ada', text]])).messages).toEqual([]);
  }
});

test('nothing leaves before it is known who sends it', async () => {
  const texts: string[] = [];
  const box = new Outbox({
    post: async ({ id, text }) => {
      texts.push(text);
      return sent(id);
    },
    onChange: () => {},
    onSent: () => {},
  });
  box.add('patient');
  await new Promise((resolve) => setImmediate(resolve));
  expect(texts).toEqual([]);
  box.open('ada');
  await vi.waitFor(() => expect(texts).toEqual(['patient']));
});

test('a message leaves when it is shown in the chat, or was answered to stand before its end', async () => {
  const box = outbox(async ({ id, text }) => {
    if (text === 'lost answer') throw new ParleyError({}, { retryAfter: 60_000 });
    return { ...sent(id), sequence: 7 };
  });
  box.add('answered');
  await vi.waitFor(() => expect(box.messages[0]?.status).toBe('sent'));
  box.confirm(6, () => false);
  expect(box.messages).toHaveLength(1);
  box.confirm(7, () => false);
  expect(box.messages).toEqual([]);
  const lost = box.add('lost answer');
  box.confirm(7, (id) => id === lost);
  expect(box.messages).toEqual([]);
});

test('a server that names a time is not asked before it', async () => {
  let posts = 0;
  const box = outbox(async () => {
    posts++;
    throw new ParleyError({ status: 429, code: 'request.rate_limited' }, { retryAfter: 60_000 });
  });
  box.add('first');
  await vi.waitFor(() => expect(posts).toBe(1));
  await new Promise((resolve) => setImmediate(resolve));
  box.add('second');
  box.flush();
  expect(posts).toBe(1);
  box.close();
});
