import { parentPort, workerData } from 'node:worker_threads';
import { SqliteReader } from '@parley/event-log';
import { fromLog } from '../orchestrator/chat-events.ts';
import { openViewsForWriting } from './database.ts';
import { Projection } from './projection.ts';

/**
 * Follows the log and keeps the read models up to date, on a thread of its own: neither a rebuild nor a busy
 * hour delays an answer. It is told of new heads, and tells how far it is.
 */

const batch = 500;
// Under load one transaction holds what came in meanwhile. Who asks for the views does not wait for it.
const breath = 100;
// Far behind, as after a long absence, it leaves just enough of the machine to the others.
const shortBreath = 10;
const afterFailure = 1_000;

const { folder } = workerData as { folder: string };
const log = new SqliteReader(folder);
const database = openViewsForWriting(folder);
const projection = new Projection(database);

let position = projection.position();
let head = 0;
let urgentUpTo = 0;
let timer: NodeJS.Timeout | undefined;
let closing = false;

parentPort?.postMessage({ position });
parentPort?.on('message', (message: { head: number; urgent: boolean } | 'close') => {
  if (message === 'close') {
    closing = true;
    if (timer === undefined) close();
    return;
  }
  head = Math.max(head, message.head);
  if (message.urgent) urgentUpTo = head;
  schedule(message.urgent ? 0 : breath, message.urgent);
});

function schedule(after: number, sooner = false): void {
  if (timer !== undefined && !sooner) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = undefined;
    let wait = breath;
    try {
      if (step() === batch) wait = shortBreath;
    } catch (error) {
      urgentUpTo = 0;
      // A full disk, most likely: the log is still there, and the views catch up when there is room.
      parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) });
      wait = afterFailure;
    }
    if (closing) close();
    else if (position < urgentUpTo) schedule(0);
    else if (position < head) schedule(wait);
  }, after);
}

/** Takes over the next events; returns how many. */
function step(): number {
  const events = log.readAll({ after: position, limit: batch });
  const last = events.at(-1);
  if (last === undefined) return 0;
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
  return events.length;
}

function close(): void {
  database.close();
  log.close();
  parentPort?.close();
}
