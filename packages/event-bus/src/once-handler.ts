import { attempt, HandlerTimeout } from './attempt.ts';
import type { BusEvent, BusStorage, HandlerStatistics, OnHandler } from './event-bus.ts';
import type { HandlerRecord } from './handler-record.ts';
import { Progress } from './progress.ts';

export interface OnceOptions<E extends BusEvent> {
  handler: OnHandler<E>;
  record: HandlerRecord;
  storage: BusStorage<E>;
  hears: (type: string) => boolean;
  from: 'beginning' | 'now';
  timeLimit: number;
  retries: readonly number[];
  concurrency: number;
  checkpointEvery: number;
  closing: AbortSignal;
  onFailure: (name: string, error: unknown, event?: E) => void;
}

const batch = 500;
// More than this waits in the log and not in memory.
const queueLimit = 2_000;

/**
 * A durable handler: reads the log from its checkpoint on, handles the events of one key in order and several
 * keys at once, tries again, gives up into a dead letter, and keeps how far it is. News only wake it; since it
 * reads for itself, an event can neither be missed nor overtake an earlier one.
 */
export class OnceHandler<E extends BusEvent> {
  readonly record: HandlerRecord;
  readonly #options: OnceOptions<E>;
  readonly #keys = new Map<string, E[]>();
  readonly #ready: string[] = [];
  /** What `publish` brought right behind what was read, so that in the usual case nothing is read twice. */
  #fresh: E[] = [];
  #progress: Progress | undefined;
  /** Everything up to here was read. */
  #read = 0;
  /** The last position that is known of. */
  #head = 0;
  /** Events that were taken and are not done, the running ones included. */
  #queued = 0;
  #running = 0;
  #saved = -1;
  #saving: Promise<void> | undefined;
  #reading = false;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(options: OnceOptions<E>) {
    this.#options = options;
    this.record = options.record;
  }

  /** Begins at the checkpoint. */
  async start(): Promise<void> {
    const { storage, from } = this.#options;
    const [checkpoint, head] = await Promise.all([storage.loadCheckpoint(this.record.name), storage.head()]);
    const position = checkpoint ?? (from === 'beginning' ? 0 : head);
    this.#progress = new Progress(position);
    this.#read = position;
    this.#head = Math.max(head, this.#head);
    // Where it first began is kept too: what comes while it is down belongs to it.
    if (checkpoint === undefined) await this.#save();
    else this.#saved = checkpoint;
    this.#pump();
  }

  /** Tells of committed events, in order of position. */
  offer(events: readonly E[]): void {
    const last = events.at(-1);
    if (last === undefined || last.position <= this.#head) return;
    const contiguous = (this.#fresh.at(-1)?.position ?? this.#read) === (events[0]?.position ?? 0) - 1;
    if (contiguous && this.#fresh.length < queueLimit) this.#fresh.push(...events);
    else if (!contiguous) this.#fresh = [];
    this.#head = last.position;
    if (this.#progress !== undefined) this.#pump();
  }

  /** Resolves when everything known is done and kept. */
  async idle(): Promise<void> {
    while (!this.#isIdle()) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#save();
  }

  /** Resolves when nothing is running any more. */
  async settled(): Promise<void> {
    while (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Keeps how far it is, for the last time. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#save();
  }

  statistics(): HandlerStatistics {
    return this.record.statistics({ queued: this.#queued, position: this.#progress?.position ?? 0 });
  }

  #isIdle(): boolean {
    return (
      this.#options.closing.aborted ||
      (this.#progress !== undefined && this.#queued + this.#running === 0 && this.#read >= this.#head)
    );
  }

  #pump(): void {
    this.#dispatch();
    if (this.#reading || this.#options.closing.aborted || this.#read >= this.#head) return;
    if (this.#queued >= queueLimit) return;
    const next = this.#fresh[0];
    if (next !== undefined && next.position === this.#read + 1) {
      const events = this.#fresh;
      this.#fresh = [];
      this.#accept(events);
      this.#pump();
      return;
    }
    this.#fresh = [];
    this.#reading = true;
    this.#options.storage
      .read(this.#read, batch)
      .then(
        (events) => this.#accept(events),
        async (error: unknown) => {
          this.#options.onFailure(this.record.name, error);
          await pause(1_000, this.#options.closing);
        },
      )
      .finally(() => {
        this.#reading = false;
        this.#pump();
        this.#wakeIdle();
      });
  }

  #accept(events: readonly E[]): void {
    for (const event of events) {
      if (event.position <= this.#read) continue;
      this.#read = event.position;
      if (!this.#options.hears(event.type)) continue;
      this.#progress?.take(event.position);
      this.#queued++;
      const waiting = this.#keys.get(event.key);
      if (waiting === undefined) {
        this.#keys.set(event.key, [event]);
        this.#ready.push(event.key);
      } else {
        waiting.push(event);
      }
    }
    this.#head = Math.max(this.#head, this.#read);
    this.#progress?.pass(this.#read);
    this.#saveSoon();
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#running < this.#options.concurrency && !this.#options.closing.aborted) {
      const key = this.#ready.shift();
      if (key === undefined) return;
      this.#running++;
      void this.#work(key);
    }
  }

  /** Handles the next event of a key. The key keeps its place as long as events of it wait. */
  async #work(key: string): Promise<void> {
    const waiting = this.#keys.get(key) ?? [];
    const event = waiting[0];
    const finished = event !== undefined && (await this.#handle(event));
    this.#running--;
    if (finished) {
      waiting.shift();
      this.#queued--;
      this.#progress?.finish(event.position);
      this.#saveSoon();
      if (waiting.length > 0) this.#ready.push(key);
      else this.#keys.delete(key);
    } else {
      this.#ready.unshift(key);
    }
    this.#pump();
    this.#wakeIdle();
  }

  /** False when the bus closed before the event was done; it will be handled again. */
  async #handle(event: E): Promise<boolean> {
    const { handler, retries, timeLimit, closing, onFailure, storage } = this.#options;
    for (let number = 1; ; number++) {
      const begun = performance.now();
      try {
        await attempt((signal) => handler(event, { signal, attempt: number }), { timeLimit, closing });
        this.record.done(performance.now() - begun);
        return true;
      } catch (error) {
        this.record.fail(error);
        if (error instanceof HandlerTimeout) this.record.timedOut++;
        onFailure(this.record.name, error, event);
        if (closing.aborted) return false;
        const wait = retries[number - 1];
        if (wait === undefined) return this.#giveUp(event, number, error, storage);
        this.record.retried++;
        await pause(wait, closing);
        if (closing.aborted) return false;
      }
    }
  }

  async #giveUp(event: E, attempts: number, error: unknown, storage: BusStorage<E>): Promise<boolean> {
    const message = error instanceof Error ? error.message : String(error);
    try {
      await storage.deadLetter({ handler: this.record.name, event, attempts, error: message });
      this.record.deadLettered++;
      return true;
    } catch (failure) {
      // Without its dead letter the event would be lost: it stays at the head of its key, and is tried again.
      this.#options.onFailure(this.record.name, failure, event);
      await pause(1_000, this.#options.closing);
      return false;
    }
  }

  #wakeIdle(): void {
    if (this.#running > 0 && !this.#isIdle()) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #saveSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#save().catch((error: unknown) => this.#options.onFailure(this.record.name, error));
    }, this.#options.checkpointEvery).unref();
  }

  async #save(): Promise<void> {
    await this.#saving;
    const position = this.#progress?.position;
    if (position === undefined || position === this.#saved) return;
    this.#saved = position;
    this.#saving = this.#options.storage.saveCheckpoint(this.record.name, position);
    try {
      await this.#saving;
    } catch (error) {
      this.#saved = -1;
      throw error;
    } finally {
      this.#saving = undefined;
    }
  }
}

/** Waits; not longer than until the bus closes. */
function pause(milliseconds: number, closing: AbortSignal): Promise<void> {
  if (closing.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(end, milliseconds);
    closing.addEventListener('abort', end, { once: true });
    function end() {
      clearTimeout(timer);
      closing.removeEventListener('abort', end);
      resolve();
    }
  });
}
