import { BeforeChain } from './before-chain.ts';
import type {
  BeforeHandler,
  BeforeOptions,
  BusCommand,
  BusEvent,
  BusStorage,
  Decision,
  EventBus,
  HandlerStatistics,
  OfType,
  OnHandler,
  OnOptions,
} from './event-bus.ts';
import { EverywhereHandler } from './everywhere-handler.ts';
import { HandlerRecord } from './handler-record.ts';
import { OnceHandler } from './once-handler.ts';

/** A handler's failure, for the log of the process. The bus itself goes on. */
export interface FailureReport {
  handler: string;
  error: unknown;
  /** The event that was being handled, when there was one. */
  event?: { type: string; key: string; position: number };
}

export interface InProcessOptions<E extends BusEvent> {
  storage: BusStorage<E>;
  /** Called with every failure of a handler; must not throw. */
  onError?: (report: FailureReport) => void;
  /** Milliseconds between two saves of a checkpoint; default 200. */
  checkpointEvery?: number;
}

const defaultRetries = [200, 1_000, 5_000];

/**
 * An event bus in one process. Durable handlers read the log through `storage`.
 *
 * @example
 * const bus = inProcessEventBus<Command, Event>({ storage });
 * bus.on('message.sent', (event) => index(event), { name: 'search' });
 * await bus.start();
 */
export function inProcessEventBus<C extends BusCommand, E extends BusEvent>(
  options: InProcessOptions<E>,
): EventBus<C, E> {
  return new InProcessEventBus<C, E>(options);
}

interface Registration<E extends BusEvent> {
  name: string;
  priority: number;
  hears: (type: string) => boolean;
  everywhere?: EverywhereHandler<E>;
  once?: OnceHandler<E>;
}

class InProcessEventBus<C extends BusCommand, E extends BusEvent> implements EventBus<C, E> {
  readonly #storage: BusStorage<E>;
  readonly #checkpointEvery: number;
  readonly #report: (report: FailureReport) => void;
  readonly #closing = new AbortController();
  readonly #before: BeforeChain<C>;
  readonly #handlers: Registration<E>[] = [];
  /** `everywhere` handlers by event type, in order of priority; made when first asked for. */
  readonly #everywhere = new Map<string, readonly EverywhereHandler<E>[]>();
  readonly #names = new Set<string>();
  #started = false;
  /** Position up to which events were handed to `everywhere` handlers; undefined before the first. */
  #published: number | undefined;
  #filling: Promise<void> | undefined;

  constructor({ storage, onError = () => {}, checkpointEvery = 200 }: InProcessOptions<E>) {
    this.#storage = storage;
    this.#checkpointEvery = checkpointEvery;
    this.#report = onError;
    this.#before = new BeforeChain<C>(this.#closing.signal, (handler, error) => onError({ handler, error }));
  }

  before<T extends C['type'] | '*'>(
    type: T,
    handler: BeforeHandler<OfType<C, T>>,
    options: BeforeOptions,
  ): () => void {
    const free = this.#claim(options.name);
    const undo = this.#before.add(type, handler as unknown as BeforeHandler<C>, options);
    return () => {
      undo();
      free();
    };
  }

  on<T extends E['type'] | '*'>(
    types: T | readonly T[],
    handler: OnHandler<OfType<E, T>>,
    options: OnOptions,
  ): () => void {
    const { name, priority = 100, delivery = 'once', timeLimit = 30_000 } = options;
    const free = this.#claim(name);
    const wanted = new Set<string>(typeof types === 'string' ? [types] : types);
    const hears = wanted.has('*') ? () => true : (type: string) => wanted.has(type);
    const record = new HandlerRecord({ name, kind: 'on', priority, delivery });
    const stopping = new AbortController();
    const closing = AbortSignal.any([stopping.signal, this.#closing.signal]);
    const shared = {
      handler: handler as OnHandler<E>,
      record,
      timeLimit,
      closing,
      onFailure: this.#onFailure,
    };
    const registration: Registration<E> = { name, priority, hears };
    if (delivery === 'everywhere') {
      registration.everywhere = new EverywhereHandler<E>(shared);
    } else {
      registration.once = new OnceHandler<E>({
        ...shared,
        hears,
        storage: this.#storage,
        from: options.from ?? 'now',
        retries: options.retries ?? defaultRetries,
        concurrency: options.concurrency ?? 32,
        checkpointEvery: this.#checkpointEvery,
      });
    }
    this.#handlers.push(registration);
    this.#handlers.sort((a, b) => a.priority - b.priority);
    this.#everywhere.clear();
    if (this.#started) void registration.once?.start().catch((error) => this.#onFailure(name, error));
    return () => {
      stopping.abort();
      this.#handlers.splice(this.#handlers.indexOf(registration), 1);
      this.#everywhere.clear();
      registration.once?.stop().catch((error: unknown) => this.#onFailure(name, error));
      free();
    };
  }

  ask(command: C): Promise<Decision<C>> {
    return this.#before.ask(command);
  }

  publish(events: readonly E[]): void {
    if (this.#closing.signal.aborted) return;
    const first = events[0];
    if (first === undefined) return;
    const known = this.#published;
    if (this.#filling !== undefined || (known !== undefined && first.position > known + 1)) {
      this.#fill(events);
      return;
    }
    this.#hand(known === undefined ? events : events.filter(({ position }) => position > known));
  }

  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    await Promise.all(this.#handlers.map(({ once }) => once?.start()));
  }

  async idle(): Promise<void> {
    await this.#filling;
    await Promise.all(this.#handlers.map(({ once, everywhere }) => (once ?? everywhere)?.idle()));
  }

  statistics(): HandlerStatistics[] {
    return [
      ...this.#before.statistics(),
      ...this.#handlers.flatMap(({ once, everywhere }) => (once ?? everywhere)?.statistics() ?? []),
    ];
  }

  async close({ grace = 5_000 }: { grace?: number } = {}): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new Error('The bus is closing.'));
    const running = this.#handlers.map(({ once, everywhere }) => once?.settled() ?? everywhere?.idle());
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, grace);
    });
    await Promise.race([Promise.all(running), patience]);
    clearTimeout(timer);
    await Promise.all(this.#handlers.map(({ once }) => once?.stop()));
  }

  /** Events of another process were missed: they come from the log, in their place. */
  #fill(events: readonly E[]): void {
    const last = events.at(-1)?.position ?? 0;
    const before = this.#filling ?? Promise.resolve();
    const filling = before.then(async () => {
      while (this.#published !== undefined && this.#published < last) {
        const missed = await this.#storage.read(this.#published, 500);
        if (missed.length === 0) return;
        this.#hand(missed);
      }
    });
    this.#filling = filling
      .catch((error: unknown) => this.#report({ handler: 'bus', error }))
      .finally(() => {
        if (this.#filling === settled) this.#filling = undefined;
      });
    const settled = this.#filling;
  }

  #hand(events: readonly E[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#published = last.position;
    for (const event of events) for (const handler of this.#hearing(event.type)) handler.handle(event);
    for (const { once } of this.#handlers) once?.offer(events);
  }

  #hearing(type: string): readonly EverywhereHandler<E>[] {
    let hearing = this.#everywhere.get(type);
    if (hearing === undefined) {
      hearing = this.#handlers.flatMap(({ hears, everywhere }) =>
        everywhere !== undefined && hears(type) ? [everywhere] : [],
      );
      this.#everywhere.set(type, hearing);
    }
    return hearing;
  }

  readonly #onFailure = (handler: string, error: unknown, event?: E): void => {
    if (event === undefined) this.#report({ handler, error });
    else {
      const { type, key, position } = event;
      this.#report({ handler, error, event: { type, key, position } });
    }
  };

  #claim(name: string): () => void {
    if (this.#names.has(name))
      throw new Error(`A handler is named "${name}" already; names are unique on a bus.`);
    this.#names.add(name);
    return () => this.#names.delete(name);
  }
}
