import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteEventLog } from '@parley/event-log';
import { schema } from '../packages/event-log/src/sqlite/schema.ts';
import { type BenchResult, inTurns } from './result.ts';

const inFlight = 128;
const chats = 500;
const seconds = 2;
const time = new Date().toISOString();
const meta = { actor: { id: 'ada', kind: 'person' }, correlationId: 'c'.repeat(36) };
const data = {
  messageId: 'm'.repeat(36),
  author: 'ada',
  text: 'A message of the length that people usually write.',
};

/** Durable appends a second, committed in groups; and the same rows written by SQLite alone. */
export async function run(): Promise<BenchResult[]> {
  let batch = 1;
  const [parley, bare] = await inTurns(
    3,
    () =>
      inFolder(async (folder) => {
        const log = await openSqliteEventLog({ folder });
        let appended = 0;
        const end = performance.now() + seconds * 1000;
        async function keepAppending() {
          while (performance.now() < end) {
            const number = appended++;
            const event = {
              id: crypto.randomUUID(),
              type: 'message.sent',
              version: 1,
              time,
              subject: `m${number}`,
              meta,
              data,
            };
            await log.append({
              stream: `chat-${number % chats}`,
              events: [event],
              expected: 'any',
              key: `k${number}`,
            });
          }
        }
        await Promise.all(Array.from({ length: inFlight }, keepAppending));
        batch = Math.round(appended / log.statistics().commits);
        await log.close();
        return appended / seconds;
      }),
    () => inFolder(async (folder) => insertAlone(folder, batch)),
  );
  return [
    {
      name: `Event log: durable appends, ${inFlight} in flight, ${batch} to a commit`,
      parley: `${Math.round(parley)} events/s`,
      bare: `${Math.round(bare)} events/s (the same rows and commits by SQLite alone)`,
      ratio: parley / bare,
      target: 0.7,
    },
  ];
}

/** The same tables, indexes, rows and durability, on one thread that does nothing else. */
function insertAlone(folder: string, batch: number): number {
  const database = new DatabaseSync(join(folder, 'bare.db'));
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; ${schema}`,
  );
  const event = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const stream = database.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?)');
  const key = database.prepare('INSERT INTO append_keys VALUES (?, ?, ?, ?)');
  const [metaText, dataText] = [JSON.stringify(meta), JSON.stringify(data)];
  let position = 0;
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    database.exec('BEGIN IMMEDIATE');
    for (let index = 0; index < batch; index++) {
      const name = `chat-${position % chats}`;
      const sequence = Math.floor(position / chats) + 1;
      position++;
      event.run(
        position,
        name,
        sequence,
        crypto.randomUUID(),
        'message.sent',
        1,
        time,
        time,
        `m${position}`,
        metaText,
        dataText,
      );
      stream.run(name, sequence);
      key.run(name, `k${position}`, sequence, position);
    }
    database.exec('COMMIT');
  }
  database.close();
  return position / seconds;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) console.table(await run());
