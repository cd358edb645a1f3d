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

function outbox(post: Post, storage?: Map<string, string>) {
  return new Outbox({
    key: 'outbox',
    post,
    onChange: () => {},
    onSent: () => {},
    ...(storage && {
      storage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => void storage.set(key, value),
        removeItem: (key) => void storage.delete(key),
      },
    }),
  });
}

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
  const storage = new Map<string, string>();
  const offline = outbox(() => Promise.reject(new ParleyError({}, { retryAfter: 60_000 })), storage);
  const id = offline.add('kept');
  await vi.waitFor(() => expect(storage.size).toBe(1));
  offline.close();
  const posted: string[] = [];
  const online = outbox(async (message) => {
    posted.push(message.id);
    return sent(message.id);
  }, storage);
  online.flush();
  await vi.waitFor(() => expect(posted).toEqual([id]));
  online.remove(id);
  expect(storage.size).toBe(0);
});
