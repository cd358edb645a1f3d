/**
 * The port of the bus. Two verbs: `before` a command (may amend or refuse), `on` an event (after commit).
 * The bus knows no chat: commands and events are anything with a `type`; events also have a `key`
 * (events of one key are handled in order) and a `position` (their place in the log, from 1, without a gap).
 */

export interface BusCommand {
  type: string;
}

export interface BusEvent {
  type: string;
  /** Place in the log. */
  position: number;
  /** Events of the same key reach a handler in order, one at a time (a chat's id). */
  key: string;
}

/** What a `before` handler says. `amend` replaces the named fields of the command for those who come after. */
export type Verdict<C extends BusCommand> =
  | undefined
  | { allow: true }
  | { amend: Partial<Omit<C, 'type'>> }
  | { refuse: { code: string; reason: string } };

/** What all `before` handlers together say. `by` names the handler that refused. */
export type Decision<C extends BusCommand> =
  | { allowed: true; command: C }
  | { allowed: false; code: string; reason: string; by: string };

export interface BeforeOptions {
  /** Names the handler in statistics, logs and refusals; unique on the bus. */
  name: string;
  /** Lower runs earlier; equal ones in the order of registration. Core 0–99, extensions from 100. Default 100. */
  priority?: number;
  /** Milliseconds; default 200. */
  timeLimit?: number;
  /** When the handler throws or takes too long: let the command pass (`open`, default) or refuse it (`closed`). */
  onFailure?: 'open' | 'closed';
}

export interface OnOptions {
  /** Names the handler in statistics, checkpoints and dead letters; unique on the bus. */
  name: string;
  /** Lower is started earlier for the same event. Core 0–99, extensions from 100. Default 100. */
  priority?: number;
  /**
   * `once`: one node of the cluster handles it, durably: its checkpoint is kept, and after a crash it goes on there.
   * `everywhere`: every node does, from the moment of registration (its own sockets, its own cache).
   * Default `once`.
   */
  delivery?: 'once' | 'everywhere';
  /** Where a durable handler without a checkpoint starts: at the log's `beginning`, or `now` (default). */
  from?: 'beginning' | 'now';
  /** Milliseconds for one attempt; default 30_000. The handler's signal aborts when it is over. */
  timeLimit?: number;
  /** Waits between attempts in milliseconds; after the last the event is a dead letter. Default [200, 1000, 5000]. */
  retries?: readonly number[];
  /** Keys handled at the same time; default 32. */
  concurrency?: number;
}

/** `signal` aborts when the attempt's time is over or the bus closes. `attempt` counts from 1. */
export interface HandlerContext {
  signal: AbortSignal;
  attempt: number;
}

export type BeforeHandler<C extends BusCommand> = (
  command: C,
  context: HandlerContext,
) => Verdict<C> | Promise<Verdict<C>>;

export type OnHandler<E extends BusEvent> = (event: E, context: HandlerContext) => void | Promise<void>;

/** Pick a member of a union by its `type`. */
export type OfType<U extends { type: string }, T extends string> = T extends '*'
  ? U
  : Extract<U, { type: T }>;

export interface EventBus<C extends BusCommand, E extends BusEvent> {
  /** Registers an interceptor of a command type, or of every one with `'*'`. Returns its undo. */
  before<T extends C['type'] | '*'>(
    type: T,
    handler: BeforeHandler<OfType<C, T>>,
    options: BeforeOptions,
  ): () => void;

  /**
   * Registers a handler of one event type, several, or every one with `'*'`. Returns its undo.
   * At least once per event, in order per key. A handler that fails, hangs or crashes harms no other.
   */
  on<T extends E['type'] | '*'>(
    types: T | readonly T[],
    handler: OnHandler<OfType<E, T>>,
    options: OnOptions,
  ): () => void;

  /** Asks all interceptors of a command, in order of priority. Never rejects. */
  ask(command: C): Promise<Decision<C>>;

  /**
   * Hands committed events on, in position order. Returns at once: handlers are started in order of priority,
   * and each is on its own from there. Events already seen are ignored; a gap is filled from the source.
   */
  publish(events: readonly E[]): void;

  /** Starts durable handlers from their checkpoints. Handlers registered later start at once. */
  start(): Promise<void>;

  /** Resolves when nothing is queued, running or waiting for a retry. For tests and shutdown. */
  idle(): Promise<void>;

  statistics(): HandlerStatistics[];

  /** Stops taking events, waits for running attempts (at most `grace` milliseconds), saves checkpoints. */
  close(options?: { grace?: number }): Promise<void>;
}

export interface HandlerStatistics {
  name: string;
  kind: 'before' | 'on';
  priority: number;
  delivery?: 'once' | 'everywhere';
  handled: number;
  failed: number;
  retried: number;
  timedOut: number;
  deadLettered: number;
  /** Events accepted and not yet done. */
  queued: number;
  /** The contiguous end of what is done (`once` only). */
  position?: number;
  /** Milliseconds, over the latest calls. */
  p50: number;
  p99: number;
  lastError?: { message: string; stack?: string; at: string };
}

/** Where durable handlers read what they missed, and keep how far they are. The event log fits it through a mapping. */
export interface BusStorage<E extends BusEvent> {
  /** Events after a position, in order, contiguous; at most `limit`. */
  read(after: number, limit: number): Promise<E[]>;
  head(): Promise<number>;
  loadCheckpoint(handler: string): Promise<number | undefined>;
  saveCheckpoint(handler: string, position: number): Promise<void>;
  /** A durable event that was given up. Called once per event and handler, before the checkpoint passes it. */
  deadLetter(letter: { handler: string; event: E; attempts: number; error: string }): Promise<void>;
}
