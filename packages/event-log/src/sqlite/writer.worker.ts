import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { BatchAnswer, Job } from './jobs.ts';
import { Writer } from './writer.ts';

/** The one thread that writes the log; the main thread never waits for the disk. */

const database = new DatabaseSync((workerData as { file: string }).file);
database.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  PRAGMA cache_size = -16000;
`);
const writer = new Writer(database);

parentPort?.on('message', (message: Job[] | 'close') => {
  if (message === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  const results = writer.write(message).map((result) =>
    // What SQLite throws has fields that a plain clone of an error would lose.
    result.status === 'failed' ? { ...result, error: plain(result.error) } : result,
  );
  parentPort?.postMessage({ results } satisfies BatchAnswer);
});

function plain(error: unknown): { message: string; errcode: unknown } {
  const { message, errcode } = error as { message: string; errcode?: unknown };
  return { message, errcode };
}
