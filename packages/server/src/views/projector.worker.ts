import { parentPort, workerData } from 'node:worker_threads';
import { SqliteReader } from '@parley/event-log';
import { fromLog } from '../orchestrator/chat-events.ts';
import { openViewsForWriting } from './database.ts';
import { Projection } from './projection.ts';

/**
 * Follows the log and keeps the read models up to date, on a thread of its own: neither a rebuild nor a busy
 * hour delays an answer. Told of a new head by `{head}`, it tells how far it is by `{position}`.
 */

const batch = 500;
// Under load one transaction holds what came in meanwhile; nobody notices a chat list this much later.
const breath = 15;
const afterFailure = 1_000;

const { folder } = workerData as { folder: string };
const log = new SqliteReader(folder);
const database = openViewsForWriting(folder);
const projection = new Projection(database);

let position = projection.position();
let head = 0;
let scheduled = false;
let closing = false;

parentPort?.postMessage({ position });
parentPort?.on('message', (message: { head: number } | 'close') => {
  if (message === 'close') {
    closing = true;
    if (!scheduled) close();
    return;
  }
  head = Math.max(head, message.head);
  schedule(0);
});

function schedule(after: number): void {
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    let wait = breath;
    try {
      step();
    } catch (error) {
      // A full disk, most likely: the log is still there, and the views catch up when there is room.
      parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) });
      wait = afterFailure;
    }
    if (closing) close();
    else if (position < head) schedule(wait);
  }, after);
}

function step(): void {
  const events = log.readAll({ after: position, limit: batch });
  const last = events.at(-1);
  if (last === undefined) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const event of events) projection.apply(fromLog(event));
    projection.savePosition(last.position);
    database.exec('COMMIT');
  } finally {
    // Some failures have rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
  }
  position = last.position;
  parentPort?.postMessage({ position });
}

function close(): void {
  database.close();
  log.close();
  parentPort?.close();
}
