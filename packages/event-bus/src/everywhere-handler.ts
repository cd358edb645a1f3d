import { attempt, HandlerTimeout } from './attempt.ts';
import type { BusEvent, HandlerStatistics, OnHandler } from './event-bus.ts';
import type { HandlerRecord } from './handler-record.ts';

export interface EverywhereOptions<E extends BusEvent> {
  handler: OnHandler<E>;
  record: HandlerRecord;
  timeLimit: number;
  closing: AbortSignal;
  onFailure: (name: string, error: unknown, event: E) => void;
}

/**
 * A handler that hears every event once, on this node, from its registration on. It is called in the midst of
 * `publish`; only where it answers with a promise do later events of the same key wait for that.
 */
export class EverywhereHandler<E extends BusEvent> {
  readonly record: HandlerRecord;
  readonly #handler: OnHandler<E>;
  readonly #limits: { timeLimit: number; closing: AbortSignal };
  readonly #onFailure: EverywhereOptions<E>['onFailure'];
  /** Events that wait for an earlier one of their key; the first one is running. */
  readonly #waiting = new Map<string, E[]>();
  #idle: (() => void)[] = [];

  constructor({ handler, record, timeLimit, closing, onFailure }: EverywhereOptions<E>) {
    this.#handler = handler;
    this.record = record;
    this.#limits = { timeLimit, closing };
    this.#onFailure = onFailure;
  }

  handle(event: E): void {
    const waiting = this.#waiting.get(event.key);
    if (waiting !== undefined) {
      waiting.push(event);
      return;
    }
    const running = this.#call(event);
    if (running === undefined) return;
    this.#waiting.set(event.key, [event]);
    void running.then(() => this.#next(event.key));
  }

  /** Resolves when nothing is running or waiting. */
  async idle(): Promise<void> {
    if (this.#waiting.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  statistics(): HandlerStatistics {
    let queued = 0;
    for (const events of this.#waiting.values()) queued += events.length;
    return this.record.statistics({ queued });
  }

  async #next(key: string): Promise<void> {
    const waiting = this.#waiting.get(key) ?? [];
    for (waiting.shift(); waiting[0] !== undefined; waiting.shift()) await this.#call(waiting[0]);
    this.#waiting.delete(key);
    if (this.#waiting.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Calls the handler; a promise, which never rejects, when it has not answered yet. */
  #call(event: E): Promise<void> | undefined {
    const begun = performance.now();
    const fail = (error: unknown) => {
      this.record.fail(error);
      if (error instanceof HandlerTimeout) this.record.timedOut++;
      this.#onFailure(this.record.name, error, event);
    };
    const done = () => this.record.done(performance.now() - begun);
    try {
      const result = attempt((signal) => this.#handler(event, { signal, attempt: 1 }), this.#limits);
      if (result instanceof Promise) return result.then(done, fail);
      done();
    } catch (error) {
      fail(error);
    }
    return undefined;
  }
}
