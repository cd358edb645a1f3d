import type { HandlerStatistics } from './event-bus.ts';
import { Latency } from './latency.ts';

/** What became of a handler's calls. */
export class HandlerRecord {
  readonly name: string;
  readonly kind: 'before' | 'on';
  readonly priority: number;
  readonly delivery: 'once' | 'everywhere' | undefined;
  handled = 0;
  failed = 0;
  retried = 0;
  timedOut = 0;
  deadLettered = 0;
  readonly #latency = new Latency();
  #lastError: HandlerStatistics['lastError'];

  constructor(handler: Pick<HandlerStatistics, 'name' | 'kind' | 'priority' | 'delivery'>) {
    this.name = handler.name;
    this.kind = handler.kind;
    this.priority = handler.priority;
    this.delivery = handler.delivery;
  }

  done(milliseconds: number): void {
    this.handled++;
    this.#latency.add(milliseconds);
  }

  fail(error: unknown): void {
    this.failed++;
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    const at = new Date().toISOString();
    this.#lastError = { message, at, ...(stack === undefined ? {} : { stack }) };
  }

  statistics(now: { queued: number; position?: number }): HandlerStatistics {
    const { name, kind, priority, delivery, handled, failed, retried, timedOut, deadLettered } = this;
    return {
      name,
      kind,
      priority,
      ...(delivery === undefined ? {} : { delivery }),
      handled,
      failed,
      retried,
      timedOut,
      deadLettered,
      ...now,
      p50: this.#latency.percentile(0.5),
      p99: this.#latency.percentile(0.99),
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }
}
