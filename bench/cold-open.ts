import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings, type NewChatEvent } from '@parley/chat';
import { openSqliteEventLog } from '@parley/event-log';
import { fromLog, toLog } from '../packages/server/src/orchestrator/chat-events.ts';
import { ChatSessionStateManager } from '../packages/server/src/session-state/session-state-manager.ts';
import { type BenchResult, inTurns } from './result.ts';

const [short, long] = [1_000, 100_000];
const origin = { actor: { id: 'ada', kind: 'person' as const }, correlationId: 'bench' };

/** Milliseconds until a chat that is not in memory can be shown: a long one beside a short one. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const log = await openSqliteEventLog({ folder });
  try {
    // Snapshots are made as the events pass, as on a running server.
    const writing = new ChatSessionStateManager({ log });
    log.onAppended((events) => {
      for (const event of events) writing.apply(fromLog(event));
    });
    for (const messages of [short, long]) await fill(log, messages);
    // Snapshots are written behind the events; this stands behind them all.
    await log.saveNote('filled', true);
    // Of twenty openings each, so that one costs more than the clock's grain.
    const open = async (messages: number) => {
      const begun = performance.now();
      for (let index = 0; index < 20; index++) {
        const { chat } = await new ChatSessionStateManager({ log }).loadSerialized(`chat-${messages}`);
        if (chat.messageCount !== messages) throw new Error(`Only ${chat.messageCount} messages were found.`);
      }
      return (performance.now() - begun) / 20;
    };
    const [one, other] = await inTurns(
      5,
      () => open(long),
      () => open(short),
    );
    return [
      {
        name: 'Opening a chat of 100,000 messages that is not in memory',
        parley: `${one.toFixed(1)} ms`,
        bare: `${other.toFixed(1)} ms (a chat of 1,000 messages)`,
        ratio: one / other,
        target: 1.5,
        atMost: true,
      },
    ];
  } finally {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(log: Awaited<ReturnType<typeof openSqliteEventLog>>, messages: number): Promise<void> {
  const stream = `chat-${messages}`;
  const time = new Date().toISOString();
  const participant = { id: 'ada', kind: 'person' as const, name: 'Ada', role: 'host' as const };
  const append = (facts: NewChatEvent[]) =>
    log.append({ stream, events: facts.map((fact) => toLog(fact, time, origin)), expected: 'any' });
  await append([
    { type: 'chat.created', data: { title: stream, createdBy: 'ada', settings: defaultSettings } },
    { type: 'participant.joined', data: { participant } },
  ]);
  for (let done = 0; done < messages; done += 500) {
    await append(
      Array.from({ length: 500 }, () => {
        const messageId = crypto.randomUUID();
        const text = 'A message of the length that people usually write, or nearly so.';
        return {
          type: 'message.sent' as const,
          subject: messageId,
          data: { messageId, author: 'ada', text },
        };
      }),
    );
    if (done % 20_000 === 0) process.stderr.write(`  ${done} of ${messages} messages written\n`);
  }
}

if (import.meta.main) console.table(await run());
