import {
  type Append,
  type AppendResult,
  type DeadLetter,
  type EventLog,
  EventLogError,
  type Json,
  type ReadAll,
  type ReadStream,
  type Snapshot,
  type StoredEvent,
} from './event-log.ts';
import { isAsExpected } from './expected.ts';
import { rowsOf, toJson } from './validation.ts';

const defaultLimit = 500;

/** An event log that lives as long as the process: for tests, and for rules that are tried out. */
export function memoryEventLog(): EventLog {
  return new MemoryEventLog();
}

class MemoryEventLog implements EventLog {
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #keys = new Map<string, { sequence: number; position: number }>();
  readonly #checkpoints = new Map<string, number>();
  readonly #snapshots = new Map<string, { foldVersion: number; snapshot: Snapshot }[]>();
  readonly #notes = new Map<string, string>();
  readonly #deadLetters = new Map<string, DeadLetter>();
  readonly #listeners = new Set<(events: readonly StoredEvent[]) => void>();
  readonly #counts = { appends: 0, events: 0, commits: 0, reads: 0, conflicts: 0, duplicates: 0 };
  #recordedAt = '';
  #closed = false;

  async append(append: Append): Promise<AppendResult> {
    this.#requireOpen();
    const rows = rowsOf(append);
    const { stream, key, expected } = append;
    const place = key === undefined ? undefined : this.#keys.get(JSON.stringify([stream, key]));
    if (place !== undefined) {
      this.#counts.duplicates++;
      return { status: 'duplicate', ...place };
    }
    const before = this.#streams.get(stream) ?? [];
    if (!isAsExpected(before.length, expected)) {
      this.#counts.conflicts++;
      return { status: 'conflict', sequence: before.length };
    }
    const now = new Date().toISOString();
    if (now > this.#recordedAt) this.#recordedAt = now;
    const events = rows.map(([id, type, version, time, subject, meta, data], index) => ({
      id,
      type,
      version,
      time,
      ...(subject === null ? {} : { subject }),
      meta: JSON.parse(meta) as StoredEvent['meta'],
      data: JSON.parse(data) as StoredEvent['data'],
      stream,
      sequence: before.length + index + 1,
      position: this.#events.length + index + 1,
      recordedAt: this.#recordedAt,
    }));
    this.#events.push(...events);
    this.#streams.set(stream, [...before, ...events]);
    const [sequence, position] = [before.length + events.length, this.#events.length];
    if (key !== undefined) this.#keys.set(JSON.stringify([stream, key]), { sequence, position });
    this.#counts.appends++;
    this.#counts.commits++;
    this.#counts.events += events.length;
    for (const listener of this.#listeners) listener(events);
    return { status: 'appended', sequence, position, events };
  }

  async readStream(stream: string, options: ReadStream = {}): Promise<StoredEvent[]> {
    this.#read();
    const { after = 0, before = Number.POSITIVE_INFINITY, types, limit = defaultLimit, backwards } = options;
    const found = (this.#streams.get(stream) ?? []).filter(
      ({ sequence, type }) => sequence > after && sequence < before && (types?.includes(type) ?? true),
    );
    return (backwards ? found.reverse() : found).slice(0, limit);
  }

  async readSubjects(stream: string, subjects: readonly string[]): Promise<StoredEvent[]> {
    this.#read();
    return (this.#streams.get(stream) ?? []).filter(
      ({ subject }) => subject !== undefined && subjects.includes(subject),
    );
  }

  async readAll({ after = 0, types, limit = defaultLimit }: ReadAll = {}): Promise<StoredEvent[]> {
    this.#read();
    return this.#events
      .slice(after)
      .filter(({ type }) => types?.includes(type) ?? true)
      .slice(0, limit);
  }

  async head(): Promise<number> {
    this.#read();
    return this.#events.length;
  }

  async streamHead(stream: string): Promise<number> {
    this.#read();
    return this.#streams.get(stream)?.length ?? 0;
  }

  async positionAt(time: string): Promise<number> {
    this.#read();
    return this.#events.findLast(({ recordedAt }) => recordedAt <= time)?.position ?? 0;
  }

  onAppended(listener: (events: readonly StoredEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async loadCheckpoint(consumer: string): Promise<number | undefined> {
    this.#read();
    return this.#checkpoints.get(consumer);
  }

  async saveCheckpoint(consumer: string, position: number): Promise<void> {
    this.#requireOpen();
    this.#checkpoints.set(consumer, Math.max(position, this.#checkpoints.get(consumer) ?? 0));
  }

  async loadSnapshot(stream: string, foldVersion: number, atMost = Number.MAX_SAFE_INTEGER) {
    this.#read();
    const found = (this.#snapshots.get(stream) ?? []).findLast(
      (entry) => entry.foldVersion === foldVersion && entry.snapshot.sequence <= atMost,
    );
    return found?.snapshot;
  }

  async saveSnapshot(
    stream: string,
    foldVersion: number,
    snapshot: Snapshot,
    keepEvery = 5_000,
  ): Promise<void> {
    this.#requireOpen();
    const copy = { ...snapshot, state: JSON.parse(toJson(snapshot.state, 'state')) as Json };
    const all = (this.#snapshots.get(stream) ?? [])
      .filter((old) => old.foldVersion === foldVersion && old.snapshot.sequence !== snapshot.sequence)
      .concat({ foldVersion, snapshot: copy })
      .sort((a, b) => a.snapshot.sequence - b.snapshot.sequence);
    const buckets = new Set<number>();
    const kept = all.filter((entry, index) => {
      const bucket = Math.floor(entry.snapshot.sequence / keepEvery);
      const isFirst = !buckets.has(bucket);
      buckets.add(bucket);
      return isFirst || index === all.length - 1;
    });
    this.#snapshots.set(stream, kept);
  }

  async saveNote(key: string, value: Json): Promise<void> {
    this.#requireOpen();
    this.#notes.set(key, toJson(value, 'note'));
  }

  async loadNote(key: string): Promise<Json | undefined> {
    this.#read();
    const text = this.#notes.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  }

  async listNotes(prefix: string): Promise<{ key: string; value: Json }[]> {
    this.#read();
    return [...this.#notes]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, text]) => ({ key, value: JSON.parse(text) as Json }));
  }

  async deleteNote(key: string): Promise<void> {
    this.#requireOpen();
    this.#notes.delete(key);
  }

  async addDeadLetter(letter: DeadLetter): Promise<void> {
    this.#requireOpen();
    this.#deadLetters.set(JSON.stringify([letter.handler, letter.position]), letter);
  }

  async listDeadLetters(handler?: string): Promise<DeadLetter[]> {
    this.#read();
    return [...this.#deadLetters.values()]
      .filter((letter) => handler === undefined || letter.handler === handler)
      .sort((a, b) => a.position - b.position);
  }

  async deleteDeadLetter(handler: string, position: number): Promise<void> {
    this.#requireOpen();
    this.#deadLetters.delete(JSON.stringify([handler, position]));
  }

  statistics() {
    return { ...this.#counts, queued: 0 };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #read(): void {
    this.#requireOpen();
    this.#counts.reads++;
  }

  #requireOpen(): void {
    if (this.#closed) throw new EventLogError('log.closed', 'The event log is closed.');
  }
}
