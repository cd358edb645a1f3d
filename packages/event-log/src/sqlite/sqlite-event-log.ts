import { Worker } from 'node:worker_threads';
import {
  type Append,
  type AppendResult,
  type DeadLetter,
  type EventLog,
  EventLogError,
  type EventLogStatistics,
  type Json,
  type ReadAll,
  type ReadStream,
  type Snapshot,
  type StoredEvent,
} from '../event-log.ts';
import { rowsOf, toJson } from '../validation.ts';
import { asLogError } from './failures.ts';
import type { BatchAnswer, Job, JobResult } from './jobs.ts';
import { claimFolder } from './owner.ts';
import { prepareFile } from './prepare-file.ts';
import { logFile, SqliteReader } from './reader.ts';

export interface SqliteOptions {
  /** The data folder; made when it does not exist. One process at a time may own it. */
  folder: string;
  /** Jobs that may wait for the disk before `append` refuses; default 20,000. */
  maxQueued?: number;
}

interface Waiting {
  job: Job;
  /** The events of an append, so that only their places have to come back from the writer. */
  append?: Append;
  resolve: (result: AppendResult | undefined) => void;
  reject: (error: unknown) => void;
}

// So many jobs share a commit at most; a larger batch would make its first job wait for its last.
const maxBatch = 512;
const defaultKeepEvery = 5_000;

/**
 * Opens the embedded event log: SQLite in write-ahead mode, fsynced on every commit, written by one thread.
 *
 * @throws {EventLogError} `log.in_use`, `log.damaged`, `log.newer_version`, `log.storage_failed`
 */
export async function openSqliteEventLog({ folder, maxQueued = 20_000 }: SqliteOptions): Promise<EventLog> {
  const release = claimFolder(folder);
  try {
    prepareFile(logFile(folder));
    return new SqliteEventLog({ folder, maxQueued, release });
  } catch (error) {
    release();
    throw error;
  }
}

class SqliteEventLog implements EventLog {
  readonly #file: string;
  readonly #worker: Worker;
  readonly #reader: SqliteReader;
  readonly #release: () => void;
  readonly #maxQueued: number;
  readonly #listeners = new Set<(events: readonly StoredEvent[]) => void>();
  #queue: Waiting[] = [];
  #writing: Waiting[] = [];
  #closing: Promise<void> | undefined;
  #drained: (() => void) | undefined;
  #broken: unknown;
  readonly #counts = { appends: 0, events: 0, commits: 0, conflicts: 0, duplicates: 0 };

  constructor(parts: { folder: string; maxQueued: number; release: () => void }) {
    this.#file = logFile(parts.folder);
    this.#maxQueued = parts.maxQueued;
    this.#release = parts.release;
    this.#reader = new SqliteReader(parts.folder);
    this.#worker = new Worker(new URL('./writer.worker.ts', import.meta.url), {
      workerData: { file: this.#file },
      // The process's own flags (a program given by --eval, a profiler) are not for this thread.
      execArgv: [],
    });
    this.#worker.on('message', ({ results }: BatchAnswer) => this.#settle(results));
    this.#worker.on('error', (error) => this.#breakDown(error));
  }

  async append(append: Append): Promise<AppendResult> {
    const { stream, expected, key } = append;
    const rows = rowsOf(append);
    const result = await this.#enqueue({ kind: 'append', stream, expected, key, rows }, append);
    if (result === undefined) throw new Error('The writer answered an append without a result.');
    return result;
  }

  async readStream(stream: string, options?: ReadStream): Promise<StoredEvent[]> {
    return this.#open().readStream(stream, options);
  }

  async readSubjects(stream: string, subjects: readonly string[]): Promise<StoredEvent[]> {
    return this.#open().readSubjects(stream, subjects);
  }

  async readAll(options?: ReadAll): Promise<StoredEvent[]> {
    return this.#open().readAll(options);
  }

  async head(): Promise<number> {
    return this.#open().head();
  }

  async streamHead(stream: string): Promise<number> {
    return this.#open().streamHead(stream);
  }

  async positionAt(time: string): Promise<number> {
    return this.#open().positionAt(time);
  }

  onAppended(listener: (events: readonly StoredEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async loadCheckpoint(consumer: string): Promise<number | undefined> {
    return this.#open().checkpoint(consumer);
  }

  async saveCheckpoint(consumer: string, position: number): Promise<void> {
    await this.#enqueue({ kind: 'checkpoint', consumer, position });
  }

  async loadSnapshot(stream: string, foldVersion: number, atMost?: number): Promise<Snapshot | undefined> {
    return this.#open().snapshot(stream, foldVersion, atMost);
  }

  async saveSnapshot(
    stream: string,
    foldVersion: number,
    snapshot: Snapshot,
    keepEvery = defaultKeepEvery,
  ): Promise<void> {
    const { sequence, position } = snapshot;
    const state = toJson(snapshot.state, 'state');
    await this.#enqueue({ kind: 'snapshot', stream, foldVersion, sequence, position, state, keepEvery });
  }

  async saveNote(key: string, value: Json): Promise<void> {
    await this.#enqueue({ kind: 'note', key, value: toJson(value, 'note') });
  }

  async loadNote(key: string): Promise<Json | undefined> {
    return this.#open().note(key);
  }

  async listNotes(prefix: string): Promise<{ key: string; value: Json }[]> {
    return this.#open().notes(prefix);
  }

  async deleteNote(key: string): Promise<void> {
    await this.#enqueue({ kind: 'note', key, value: null });
  }

  async addDeadLetter(letter: DeadLetter): Promise<void> {
    await this.#enqueue({ kind: 'deadLetter', letter });
  }

  async listDeadLetters(handler?: string): Promise<DeadLetter[]> {
    return this.#open().deadLetters(handler);
  }

  async deleteDeadLetter(handler: string, position: number): Promise<void> {
    await this.#enqueue({ kind: 'deleteDeadLetter', handler, position });
  }

  statistics(): EventLogStatistics {
    return {
      ...this.#counts,
      reads: this.#reader.reads,
      queued: this.#queue.length + this.#writing.length,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    if (this.#broken === undefined && this.#queue.length + this.#writing.length > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    // The writer closes last: only it can move the write-ahead log into the file.
    this.#reader.close();
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    if (this.#broken === undefined) this.#worker.postMessage('close');
    else await this.#worker.terminate();
    if (this.#broken === undefined) await ended;
    this.#release();
  }

  #open(): SqliteReader {
    if (this.#closing !== undefined) throw new EventLogError('log.closed', 'The event log is closed.');
    return this.#reader;
  }

  #enqueue(job: Job, append?: Append): Promise<AppendResult | undefined> {
    this.#open();
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#queue.length >= this.#maxQueued) {
      throw new EventLogError(
        'log.overloaded',
        `More than ${this.#maxQueued} writes wait for the disk. Try again in a moment.`,
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject, ...(append === undefined ? {} : { append }) });
      // What else is asked for in this tick goes along.
      if (this.#writing.length === 0 && this.#queue.length === 1) setImmediate(() => this.#write());
    });
  }

  #write(): void {
    if (this.#writing.length > 0 || this.#queue.length === 0) return;
    this.#writing = this.#queue.splice(0, maxBatch);
    this.#worker.postMessage(this.#writing.map(({ job }) => job));
  }

  #settle(results: readonly JobResult[]): void {
    const batch = this.#writing;
    this.#writing = [];
    // The disk is busy with the next batch while the answers to this one go out.
    this.#write();
    this.#counts.commits++;
    const settled = batch.map((waiting, index) => ({ waiting, result: results[index] }));
    const stored: StoredEvent[] = [];
    const answers = settled.map(({ waiting, result }) => {
      const answer = this.#answer(waiting, result);
      if (answer?.status === 'appended') stored.push(...answer.events);
      return answer;
    });
    if (stored.length > 0) for (const listener of this.#listeners) listener(stored);
    for (const [index, { waiting, result }] of settled.entries()) {
      if (result?.status === 'failed') waiting.reject(this.#failure(result.error));
      else waiting.resolve(answers[index]);
    }
    if (this.#queue.length + this.#writing.length === 0) this.#drained?.();
  }

  #answer({ append }: Waiting, result: JobResult | undefined): AppendResult | undefined {
    if (append === undefined || result === undefined) return undefined;
    if (result.status === 'conflict') this.#counts.conflicts++;
    if (result.status === 'duplicate') this.#counts.duplicates++;
    if (result.status === 'conflict' || result.status === 'duplicate') return result;
    if (result.status !== 'appended') return undefined;
    const { sequence, position, recordedAt } = result;
    const before = append.events.length;
    const events = append.events.map((event, index) => ({
      ...event,
      stream: append.stream,
      sequence: sequence - before + index + 1,
      position: position - before + index + 1,
      recordedAt,
    }));
    this.#counts.appends++;
    this.#counts.events += events.length;
    return { status: 'appended', sequence, position, events };
  }

  #failure(error: unknown): unknown {
    const { message, errcode } = error as { message: string; errcode?: unknown };
    return asLogError(Object.assign(new Error(message), { errcode }), this.#file);
  }

  #breakDown(error: unknown): void {
    this.#broken = asLogError(error, this.#file);
    for (const { reject } of [...this.#writing, ...this.#queue]) reject(this.#broken);
    this.#writing = [];
    this.#queue = [];
    this.#drained?.();
  }
}
