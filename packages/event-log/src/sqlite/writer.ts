import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isAsExpected } from '../expected.ts';
import type { Job, JobResult } from './jobs.ts';

const statements = {
  event: 'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  findStream: 'SELECT sequence FROM streams WHERE stream = ?',
  stream: 'INSERT INTO streams VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence',
  findKey: 'SELECT sequence, position FROM append_keys WHERE stream = ? AND key = ?',
  key: 'INSERT INTO append_keys VALUES (?, ?, ?, ?)',
  checkpoint: `INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT (consumer) DO UPDATE
    SET position = excluded.position WHERE excluded.position > position`,
  snapshot: 'INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)',
  // The newest stays, and the first one of every `keepEvery` sequences.
  thinSnapshots: `DELETE FROM snapshots WHERE stream = ?1 AND (
    fold_version <> ?2 OR (
      sequence < (SELECT max(sequence) FROM snapshots WHERE stream = ?1 AND fold_version = ?2)
      AND sequence NOT IN (
        SELECT min(sequence) FROM snapshots WHERE stream = ?1 AND fold_version = ?2 GROUP BY sequence / CAST(?3 AS INTEGER))))`,
  note: 'INSERT OR REPLACE INTO notes VALUES (?, ?)',
  deleteNote: 'DELETE FROM notes WHERE key = ?',
  deadLetter: 'INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?, ?)',
  deleteDeadLetter: 'DELETE FROM dead_letters WHERE handler = ? AND position = ?',
} as const;

/** Writes batches of jobs, each batch in one transaction. */
export class Writer {
  readonly #database: DatabaseSync;
  readonly #prepared: Record<keyof typeof statements, StatementSync>;
  #position = 0;
  #recordedAt = '';

  constructor(database: DatabaseSync) {
    this.#database = database;
    const prepare = (sql: string) => database.prepare(sql);
    this.#prepared = Object.fromEntries(
      Object.entries(statements).map(([name, sql]) => [name, prepare(sql)]),
    ) as Record<keyof typeof statements, StatementSync>;
    this.#recall();
  }

  /** One result for each job, in order; durable when it returns. */
  write(jobs: readonly Job[]): JobResult[] {
    try {
      return this.#transaction(jobs);
    } catch (error) {
      if (jobs.length === 1) return [{ status: 'failed', error }];
      // One of them is at fault, or the disk is: alone, each meets only its own.
      return jobs.flatMap((job) => this.write([job]));
    }
  }

  #transaction(jobs: readonly Job[]): JobResult[] {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const now = new Date().toISOString();
      // Clocks are set back at times; the order of positions is not.
      if (now > this.#recordedAt) this.#recordedAt = now;
      const results = jobs.map((job) => this.#do(job));
      this.#database.exec('COMMIT');
      return results;
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK');
      } catch {
        // A failed commit has rolled back by itself.
      }
      this.#recall();
      throw error;
    }
  }

  #recall(): void {
    const last = this.#database
      .prepare('SELECT position, recorded_at AS at FROM events ORDER BY position DESC LIMIT 1')
      .get() as { position: number; at: string } | undefined;
    this.#position = last?.position ?? 0;
    this.#recordedAt = last?.at ?? '';
  }

  #do(job: Job): JobResult {
    const run = this.#prepared;
    switch (job.kind) {
      case 'append':
        return this.#append(job);
      case 'checkpoint':
        run.checkpoint.run(job.consumer, job.position);
        break;
      case 'snapshot': {
        const { stream, foldVersion, sequence, position, state, keepEvery } = job;
        run.snapshot.run(stream, foldVersion, sequence, position, state);
        run.thinSnapshots.run(stream, foldVersion, keepEvery);
        break;
      }
      case 'note':
        if (job.value === null) run.deleteNote.run(job.key);
        else run.note.run(job.key, job.value);
        break;
      case 'deadLetter': {
        const { handler, position, stream, attempts, error, failedAt } = job.letter;
        run.deadLetter.run(handler, position, stream, attempts, error, failedAt);
        break;
      }
      case 'deleteDeadLetter':
        run.deleteDeadLetter.run(job.handler, job.position);
        break;
    }
    return { status: 'done' };
  }

  #append({ stream, expected, key, rows }: Extract<Job, { kind: 'append' }>): JobResult {
    const run = this.#prepared;
    if (key !== undefined) {
      const used = run.findKey.get(stream, key) as { sequence: number; position: number } | undefined;
      if (used !== undefined) return { status: 'duplicate', ...used };
    }
    const head = (run.findStream.get(stream) as { sequence: number } | undefined)?.sequence ?? 0;
    if (!isAsExpected(head, expected)) return { status: 'conflict', sequence: head };
    let sequence = head;
    for (const [id, type, version, time, subject, meta, data] of rows) {
      sequence++;
      this.#position++;
      const place = [this.#position, stream, sequence] as const;
      run.event.run(...place, id, type, version, time, this.#recordedAt, subject, meta, data);
    }
    run.stream.run(stream, sequence);
    if (key !== undefined) run.key.run(stream, key, sequence, this.#position);
    return { status: 'appended', sequence, position: this.#position, recordedAt: this.#recordedAt };
  }
}
