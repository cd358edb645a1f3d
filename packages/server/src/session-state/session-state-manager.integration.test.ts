import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fold } from '@parley/chat';
import { openChat } from '@parley/chat/testing';
import { type EventLog, openSqliteEventLog } from '@parley/event-log';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromLog, toLog } from '../orchestrator/chat-events.ts';
import { ChatSessionStateManager } from './session-state-manager.ts';

let folder: string;
let log: EventLog;
const chatId = openChat().chat.id;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-sessions-'));
  log = await openSqliteEventLog({ folder });
});
afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

/** A chat of so many messages, stored; `manager` hears of it as on a running server. */
async function store(messages: number, manager?: ChatSessionStateManager): Promise<void> {
  const stop = log.onAppended((events) => {
    for (const event of events) manager?.apply(fromLog(event));
  });
  let scenario = openChat({ people: ['ada'] });
  for (let index = 0; index < messages; index++) scenario = scenario.says('ada', `Message ${index}`);
  const origin = { actor: { id: 'ada', kind: 'person' as const }, correlationId: 'test' };
  for (const { type, data, subject, time } of scenario.events) {
    const fact = { type, data, subject } as Parameters<typeof toLog>[0];
    await log.append({ stream: chatId, events: [toLog(fact, time, origin)], expected: 'any' });
  }
  stop();
}

async function freshFold() {
  return fold(chatId, (await log.readStream(chatId, { limit: 10_000 })).map(fromLog));
}

test('the cached state, the state from snapshot and tail, and a fresh fold are the same', async () => {
  const writing = new ChatSessionStateManager({ log, snapshotEvery: 10 });
  await writing.load(chatId);
  await store(47, writing);
  await log.saveNote('written', true);
  const before = log.statistics().reads;
  expect(await writing.load(chatId)).toEqual(await freshFold());
  const cold = new ChatSessionStateManager({ log });
  expect(await cold.load(chatId)).toEqual(await freshFold());
  expect((await log.loadSnapshot(chatId, 1))?.sequence).toBe(40);
  expect(log.statistics().reads).toBeGreaterThan(before);
});

test('an event that was not heard of is found when the time is over', async () => {
  const manager = new ChatSessionStateManager({ log, recheckAfter: 0 });
  await store(3);
  expect((await manager.load(chatId)).messageCount).toBe(3);
  const [, , , sent] = await log.readStream(chatId);
  if (sent === undefined) throw new Error('Nothing was stored.');
  await log.append({
    stream: chatId,
    events: [{ ...sent, id: 'missed', subject: 'missed' }],
    expected: 'any',
  });
  expect((await manager.load(chatId)).messageCount).toBe(4);
  expect(manager.statistics()).toMatchObject({ stale: 1 });
});

test('a gap in what is heard makes it read again', async () => {
  const manager = new ChatSessionStateManager({ log });
  await store(5);
  await manager.load(chatId);
  const events = (await log.readStream(chatId)).map(fromLog);
  const last = events.at(-1);
  if (last === undefined) throw new Error('Nothing was stored.');
  manager.apply({ ...last, sequence: last.sequence + 2 });
  expect(manager.peek(chatId)).toBeUndefined();
  expect(await manager.load(chatId)).toEqual(await freshFold());
});

test('many who ask at once cause one read', async () => {
  await store(5);
  const manager = new ChatSessionStateManager({ log });
  const before = log.statistics().reads;
  const states = await Promise.all(Array.from({ length: 20 }, () => manager.load(chatId)));
  expect(new Set(states).size).toBe(1);
  // A snapshot is looked for, and the events are read.
  expect(log.statistics().reads - before).toBe(2);
});

test('memory is bounded: the chats that nobody asked for longest are forgotten first', async () => {
  const manager = new ChatSessionStateManager({ log, maxBytes: 40_000 });
  await store(2);
  const [created] = (await log.readStream(chatId)).map(fromLog);
  if (created === undefined) throw new Error('Nothing was stored.');
  for (let index = 0; index < 20; index++) {
    const other = `other-${index}`;
    manager.apply({ ...created, chatId: other });
  }
  expect(manager.statistics().cachedBytes).toBeLessThanOrEqual(40_000);
  expect(manager.peek('other-19')).toBeDefined();
  expect(manager.peek('other-0')).toBeUndefined();
});

test('older messages come with what happened to them since', async () => {
  await store(4);
  const manager = new ChatSessionStateManager({ log });
  const { messages } = await manager.load(chatId);
  const [first] = messages;
  if (first === undefined) throw new Error('Nothing was stored.');
  const origin = { actor: { id: 'ada', kind: 'person' as const }, correlationId: 'test' };
  const fact = {
    type: 'message.edited' as const,
    subject: first.id,
    data: { messageId: first.id, text: 'Changed' },
  };
  await log.append({
    stream: chatId,
    events: [toLog(fact, '2026-01-01T00:00:00.000Z', origin)],
    expected: 'any',
  });
  const older = await manager.messagesBefore(chatId, messages[2]?.sequence ?? 0, 10);
  expect(older.map(({ text }) => text)).toEqual(['Changed', 'Message 1']);
});
