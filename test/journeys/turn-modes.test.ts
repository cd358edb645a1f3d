import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatSession, TurnMode } from '../../packages/client/src/index.ts';
import { type Person, person, seen } from '../person.ts';
import { type ServerProcess, startServer } from '../server-process.ts';

/** Two people and the built-in AI participant talk under each turn mode, on a real server over real sockets. */

let server: ServerProcess;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  server = await startServer();
  [ada, ben] = await Promise.all([person(server, 'ada', 'Ada'), person(server, 'ben', 'Ben')]);
});
afterAll(async () => {
  ada.close();
  ben.close();
  await server.dispose();
});

async function room(turnMode: TurnMode): Promise<{ chatId: string; a: ChatSession; b: ChatSession }> {
  const { chatId } = await ada.parley.createChat({ title: turnMode, settings: { turnMode }, ai: [{}] });
  await ada.parley.addParticipant(chatId, { userId: 'ben' });
  return { chatId, a: await ada.open(chatId), b: await ben.open(chatId) };
}

const said = (author: string, count: number) => (view: ReturnType<ChatSession['getSnapshot']>) =>
  view.messages.filter((message) => message.author === author).length === count && view.replies.length === 0;

describe('flexible', () => {
  test('anyone speaks at any time, and the AI answers while everybody watches', async () => {
    const { a, b } = await room('flexible');
    let words = '';
    const stop = b.subscribe(() => {
      words = b.getSnapshot().replies[0]?.text ?? words;
    });
    a.send('I would like to go to the sea.');
    const { messages } = await seen(b, said('ai.facilitator', 1));
    stop();
    expect(messages[0]).toMatchObject({ author: 'ada', text: 'I would like to go to the sea.' });
    expect(messages[1]?.text).toContain('Ada');
    expect(words.length).toBeGreaterThan(0);
    expect(messages[1]?.text.startsWith(words)).toBe(true);
  });
});

describe('strict', () => {
  test('the turn goes round, the AI answers in between, and out of turn the composer says why', async () => {
    const { a, b } = await room('strict');
    expect(b.getSnapshot().me?.may.composer).toMatchObject({ open: false, code: 'turn.not_yours' });
    a.send('One.');
    await seen(a, said('ai.facilitator', 1));
    await seen(b, ({ me }) => me?.may.composer.open === true);
    expect(a.getSnapshot().me?.may.composer).toMatchObject({ open: false, code: 'turn.not_yours' });
    a.send('Out of turn.');
    const { outbox } = await seen(a, (view) => view.outbox[0]?.status === 'failed');
    expect(outbox[0]?.error?.code).toBe('turn.not_yours');
    b.send('Two.');
    await seen(b, said('ai.facilitator', 2));
    expect(a.getSnapshot().chat?.turn.holder).toBe('ada');
  });

  test('a turn that is not used in time passes on by itself', async () => {
    const { chatId, a } = await room('strict');
    await ada.parley.changeSettings(chatId, { turnSeconds: 5 });
    await seen(a, ({ chat }) => chat?.turn.expiresAt !== null);
    await seen(a, ({ chat }) => chat?.turn.holder === 'ben', 9_000);
  });
});

describe('moderated', () => {
  test('two messages a minute, and no more', async () => {
    const { a } = await room('moderated');
    a.send('One.');
    a.send('Two.');
    await seen(a, (view) => view.messages.filter(({ author }) => author === 'ada').length === 2);
    expect(a.getSnapshot().me?.may.composer).toMatchObject({ open: false, code: 'turn.rate_limited' });
    a.send('Three.');
    await seen(a, (view) => view.outbox[0]?.error?.code === 'turn.rate_limited');
  });
});

describe('rounds', () => {
  test('everybody speaks once, then the AI answers, then the next round begins', async () => {
    const { a, b } = await room('rounds');
    a.send('Mine.');
    await seen(b, ({ me }) => me?.may.composer.open === true);
    expect(b.getSnapshot().replies).toEqual([]);
    b.send('And mine.');
    const { chat, messages } = await seen(a, said('ai.facilitator', 1));
    expect(messages.map(({ author }) => author)).toEqual(['ada', 'ben', 'ai.facilitator']);
    expect(chat?.turn).toMatchObject({ round: 2, holder: 'ada' });
  });
});
