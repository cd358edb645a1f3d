import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { DeadLetter, Json, ReadAll, ReadStream, Snapshot, StoredEvent } from '../event-log.ts';
import { asLogError } from './failures.ts';

export const logFile = (folder: string) => join(folder, 'parley.db');

type Value = string | number | null;

interface Row {
  position: number;
  stream: string;
  sequence: number;
  id: string;
  type: string;
  version: number;
  time: string;
  recorded_at: string;
  subject: string | null;
  meta: string;
  data: string;
}

const defaultLimit = 500;

/** Reads a log's file over a connection of its own; sees everything that is committed. */
export class SqliteReader {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Queries so far. */
  reads = 0;

  constructor(folder: string) {
    this.#file = logFile(folder);
    this.#database = new DatabaseSync(this.#file, { readOnly: true });
    this.#database.exec(
      'PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16000; PRAGMA mmap_size = 268435456',
    );
  }

  readStream(stream: string, options: ReadStream = {}): StoredEvent[] {
    const { after = 0, before, types, limit = defaultLimit, backwards = false } = options;
    const values: Value[] = [stream, after];
    let where = 'stream = ? AND sequence > ?';
    if (before !== undefined) {
      where += ' AND sequence < ?';
      values.push(before);
    }
    if (types !== undefined) {
      where += ` AND type IN (${types.map(() => '?')})`;
      values.push(...types);
    }
    return this.#events(
      `SELECT * FROM events WHERE ${where} ORDER BY sequence ${backwards ? 'DESC' : 'ASC'} LIMIT ?`,
      ...values,
      limit,
    );
  }

  readSubjects(stream: string, subjects: readonly string[]): StoredEvent[] {
    if (subjects.length === 0) return [];
    return this.#events(
      `SELECT * FROM events INDEXED BY events_by_subject
       WHERE stream = ? AND subject IN (SELECT value FROM json_each(?)) AND subject IS NOT NULL
       ORDER BY sequence`,
      stream,
      JSON.stringify(subjects),
    );
  }

  readAll({ after = 0, types, limit = defaultLimit }: ReadAll = {}): StoredEvent[] {
    const filter = types === undefined ? '' : `AND type IN (${types.map(() => '?')})`;
    return this.#events(
      `SELECT * FROM events WHERE position > ? ${filter} ORDER BY position LIMIT ?`,
      after,
      ...(types ?? []),
      limit,
    );
  }

  head(): number {
    return this.#one<{ head: number | null }>('SELECT max(position) AS head FROM events')?.head ?? 0;
  }

  streamHead(stream: string): number {
    return (
      this.#one<{ sequence: number }>('SELECT sequence FROM streams WHERE stream = ?', stream)?.sequence ?? 0
    );
  }

  /** `recorded_at` grows with `position`, so halving finds the place without an index. */
  positionAt(time: string): number {
    let [low, high] = [0, this.head()];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const row = this.#one<{ at: string }>(
        'SELECT recorded_at AS at FROM events WHERE position = ?',
        middle,
      );
      if (row !== undefined && row.at <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  checkpoint(consumer: string): number | undefined {
    return this.#one<{ position: number }>('SELECT position FROM checkpoints WHERE consumer = ?', consumer)
      ?.position;
  }

  snapshot(stream: string, foldVersion: number, atMost = Number.MAX_SAFE_INTEGER): Snapshot | undefined {
    const row = this.#one<{ sequence: number; position: number; state: string }>(
      `SELECT sequence, position, state FROM snapshots
       WHERE stream = ? AND fold_version = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1`,
      stream,
      foldVersion,
      atMost,
    );
    return row && { sequence: row.sequence, position: row.position, state: JSON.parse(row.state) as Json };
  }

  note(key: string): Json | undefined {
    const row = this.#one<{ value: string }>('SELECT value FROM notes WHERE key = ?', key);
    return row && (JSON.parse(row.value) as Json);
  }

  notes(prefix: string): { key: string; value: Json }[] {
    return this.#all<{ key: string; value: string }>(
      'SELECT key, value FROM notes WHERE substr(key, 1, ?) = ? ORDER BY key',
      prefix.length,
      prefix,
    ).map(({ key, value }) => ({ key, value: JSON.parse(value) as Json }));
  }

  deadLetters(handler?: string): DeadLetter[] {
    return this.#all<DeadLetter>(
      `SELECT handler, position, stream, attempts, error, failed_at AS failedAt FROM dead_letters
       WHERE ? IS NULL OR handler = ? ORDER BY position`,
      handler ?? null,
      handler ?? null,
    ).map((letter) => ({ ...letter }));
  }

  close(): void {
    this.#database.close();
  }

  #events(sql: string, ...values: Value[]): StoredEvent[] {
    return this.#all<Row>(sql, ...values).map((row) => ({
      id: row.id,
      type: row.type,
      version: row.version,
      time: row.time,
      ...(row.subject === null ? {} : { subject: row.subject }),
      meta: JSON.parse(row.meta) as StoredEvent['meta'],
      data: JSON.parse(row.data) as StoredEvent['data'],
      stream: row.stream,
      sequence: row.sequence,
      position: row.position,
      recordedAt: row.recorded_at,
    }));
  }

  #one<R>(sql: string, ...values: Value[]): R | undefined {
    return this.#all<R>(sql, ...values)[0];
  }

  #all<R>(sql: string, ...values: Value[]): R[] {
    this.reads++;
    try {
      let statement = this.#statements.get(sql);
      if (statement === undefined) {
        statement = this.#database.prepare(sql);
        this.#statements.set(sql, statement);
      }
      return statement.all(...values) as R[];
    } catch (error) {
      throw asLogError(error, this.#file);
    }
  }
}
