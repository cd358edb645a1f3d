/**
 * The port of the event log: append-only streams, one gapless global order over all of them.
 * Everything else about the store (checkpoints, snapshots, dead letters) is rebuilt from it or supports it.
 */

/** Any value that survives `JSON.parse(JSON.stringify(value))`. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An event as a producer hands it over. */
export interface NewEvent {
  /** UUID made by the producer; CloudEvents `id`. */
  id: string;
  type: string;
  /** Version of the data's schema, from 1. */
  version: number;
  /** When it happened, ISO 8601 in UTC, by the producer's clock. */
  time: string;
  /** The thing inside the stream that the event is about (a message's id); found again by `readSubjects`. */
  subject?: string | undefined;
  /** Who and why: actor, correlation, causation, trace. */
  meta: Record<string, Json>;
  data: Record<string, Json>;
}

/** An event as it stands in the log for ever. */
export interface StoredEvent extends NewEvent {
  stream: string;
  /** Place in its stream: 1, 2, 3 … without a gap. */
  sequence: number;
  /** Place in the whole log: 1, 2, 3 … without a gap. */
  position: number;
  /** When the log accepted it, ISO 8601 in UTC; never decreases as `position` grows. */
  recordedAt: string;
}

/**
 * What the stream must look like for an append to be accepted:
 * `any` — no matter, `none` — must not exist, `exists` — must exist, a number — its last sequence (0 = must not exist).
 */
export type ExpectedSequence = 'any' | 'none' | 'exists' | number;

export interface Append {
  stream: string;
  /** At least one; all are stored or none. */
  events: NewEvent[];
  expected: ExpectedSequence;
  /** Idempotency key, unique in the stream for ever: a second append with it stores nothing. */
  key?: string | undefined;
}

export type AppendResult =
  /** Durable. `events` are the stored forms, in order. */
  | { status: 'appended'; sequence: number; position: number; events: StoredEvent[] }
  /** The key was used before: where that append's last event stands. Nothing was stored. */
  | { status: 'duplicate'; sequence: number; position: number }
  /** The stream is not as expected; `sequence` is its present last one. Nothing was stored. */
  | { status: 'conflict'; sequence: number };

export interface ReadStream {
  /** Only events with a greater sequence. Default 0. */
  after?: number;
  /** Only events with a smaller sequence. */
  before?: number;
  /** Only these types. */
  types?: readonly string[];
  /** At most so many events; default 500. */
  limit?: number;
  /** Newest first. */
  backwards?: boolean;
}

export interface ReadAll {
  /** Only events with a greater position. Default 0. */
  after?: number;
  types?: readonly string[];
  limit?: number;
}

export interface Snapshot {
  /** The last sequence that is folded into `state`. */
  sequence: number;
  position: number;
  state: Json;
}

export interface DeadLetter {
  /** The handler that gave up. */
  handler: string;
  position: number;
  stream: string;
  attempts: number;
  error: string;
  /** ISO 8601. */
  failedAt: string;
}

export interface EventLog {
  /**
   * Stores events durably. Appends that arrive while another is being written are committed together.
   * A conflict, duplicate or error of one append never touches another.
   *
   * @throws {EventLogError} `log.overloaded` when the queue is full (retry later), `log.closed` after `close`,
   *   `log.invalid_event` for data that cannot be stored (a NUL character, a lone surrogate, not JSON).
   */
  append(append: Append): Promise<AppendResult>;

  /** Events of one stream, by sequence. */
  readStream(stream: string, options?: ReadStream): Promise<StoredEvent[]>;
  /** Events of one stream that are about any of `subjects`, by sequence. */
  readSubjects(stream: string, subjects: readonly string[]): Promise<StoredEvent[]>;
  /** Events of all streams, by position: contiguous when `types` is not given. */
  readAll(options?: ReadAll): Promise<StoredEvent[]>;
  /** The last position of the log; 0 when empty. */
  head(): Promise<number>;
  /** The last sequence of a stream; 0 when it does not exist. */
  streamHead(stream: string): Promise<number>;
  /** The last position recorded at or before a moment (ISO 8601); 0 when there is none. */
  positionAt(time: string): Promise<number>;

  /**
   * Calls `listener` with events after they are durable, in position order, each exactly once, before the
   * `append` that stored them answers. It must not throw and should return soon. Returns the way to stop.
   */
  onAppended(listener: (events: readonly StoredEvent[]) => void): () => void;

  /** How far a consumer has come; undefined when it never saved. */
  loadCheckpoint(consumer: string): Promise<number | undefined>;
  /** Never goes back: a smaller position than the stored one is ignored. */
  saveCheckpoint(consumer: string, position: number): Promise<void>;

  /** The newest snapshot of a stream at or below `atMost`, made by the same `foldVersion`. */
  loadSnapshot(stream: string, foldVersion: number, atMost?: number): Promise<Snapshot | undefined>;
  /** Keeps the newest one and about one in `keepEvery` sequences before it; others of the stream are dropped. */
  saveSnapshot(stream: string, foldVersion: number, snapshot: Snapshot, keepEvery?: number): Promise<void>;

  /** Durable notes beside the log, for work in progress that may be lost in content but not in kind. Upsert. */
  saveNote(key: string, value: Json): Promise<void>;
  loadNote(key: string): Promise<Json | undefined>;
  /** Keys and values whose key starts with `prefix`. */
  listNotes(prefix: string): Promise<{ key: string; value: Json }[]>;
  deleteNote(key: string): Promise<void>;

  addDeadLetter(letter: DeadLetter): Promise<void>;
  listDeadLetters(handler?: string): Promise<DeadLetter[]>;
  deleteDeadLetter(handler: string, position: number): Promise<void>;

  /** Counters since the start, for metrics and for tests that count queries. */
  statistics(): EventLogStatistics;

  /** Finishes what was accepted, then releases everything. Idempotent. */
  close(): Promise<void>;
}

export interface EventLogStatistics {
  appends: number;
  events: number;
  /** Group commits: `events / commits` is how many share one. */
  commits: number;
  /** Every read of any kind that reached the store. */
  reads: number;
  conflicts: number;
  duplicates: number;
  /** Appends that wait for a commit now. */
  queued: number;
}

export type EventLogErrorCode =
  | 'log.overloaded'
  | 'log.closed'
  | 'log.invalid_event'
  /** Another process owns the data folder. */
  | 'log.in_use'
  /** The file is damaged or is not an event log. */
  | 'log.damaged'
  /** The file was written by a newer Parley. */
  | 'log.newer_version'
  /** The disk refused (full, read-only, I/O error). */
  | 'log.storage_failed';

/** Every expected failure of the log. `message` tells an operator what to do. */
export class EventLogError extends Error {
  readonly code: EventLogErrorCode;
  override readonly name = 'EventLogError';

  constructor(code: EventLogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
