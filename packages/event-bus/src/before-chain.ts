import { attempt, HandlerTimeout } from './attempt.ts';
import type {
  BeforeHandler,
  BeforeOptions,
  BusCommand,
  Decision,
  HandlerStatistics,
  Verdict,
} from './event-bus.ts';
import { HandlerRecord } from './handler-record.ts';

interface Interceptor<C extends BusCommand> {
  type: string;
  handler: BeforeHandler<C>;
  timeLimit: number;
  onFailure: 'open' | 'closed';
  record: HandlerRecord;
}

/** The interceptors of commands, asked one after another in order of priority. */
export class BeforeChain<C extends BusCommand> {
  readonly #interceptors: Interceptor<C>[] = [];
  /** Those of one command type, in order; made when first asked for. */
  readonly #byType = new Map<string, readonly Interceptor<C>[]>();
  readonly #closing: AbortSignal;
  readonly #onFailure: (name: string, error: unknown) => void;

  constructor(closing: AbortSignal, onFailure: (name: string, error: unknown) => void) {
    this.#closing = closing;
    this.#onFailure = onFailure;
  }

  add(type: string, handler: BeforeHandler<C>, options: BeforeOptions): () => void {
    const { name, priority = 100, timeLimit = 200, onFailure = 'open' } = options;
    const record = new HandlerRecord({ name, kind: 'before', priority });
    const interceptor = { type, handler, timeLimit, onFailure, record };
    this.#interceptors.push(interceptor);
    this.#byType.clear();
    return () => {
      const index = this.#interceptors.indexOf(interceptor);
      if (index >= 0) this.#interceptors.splice(index, 1);
      this.#byType.clear();
    };
  }

  async ask(command: C): Promise<Decision<C>> {
    let current = command;
    for (const interceptor of this.#of(command.type)) {
      const verdict = await this.#askOne(interceptor, current);
      if (verdict === undefined || 'allow' in verdict) continue;
      if ('refuse' in verdict) return { allowed: false, by: interceptor.record.name, ...verdict.refuse };
      current = { ...current, ...verdict.amend, type: command.type };
    }
    return { allowed: true, command: current };
  }

  statistics(): HandlerStatistics[] {
    return this.#interceptors.map(({ record }) => record.statistics({ queued: 0 }));
  }

  #of(type: string): readonly Interceptor<C>[] {
    let found = this.#byType.get(type);
    if (found === undefined) {
      found = this.#interceptors
        .filter((interceptor) => interceptor.type === type || interceptor.type === '*')
        .sort((a, b) => a.record.priority - b.record.priority);
      this.#byType.set(type, found);
    }
    return found;
  }

  async #askOne({ handler, timeLimit, onFailure, record }: Interceptor<C>, command: C): Promise<Verdict<C>> {
    const begun = performance.now();
    try {
      const verdict = await attempt((signal) => handler(command, { signal, attempt: 1 }), {
        timeLimit,
        closing: this.#closing,
      });
      record.done(performance.now() - begun);
      return verdict;
    } catch (error) {
      record.fail(error);
      if (error instanceof HandlerTimeout) record.timedOut++;
      this.#onFailure(record.name, error);
      if (onFailure === 'open') return undefined;
      return { refuse: { code: 'handler_failed', reason: 'This could not be checked just now: try again.' } };
    }
  }
}
