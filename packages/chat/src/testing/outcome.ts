import type { Chat } from '../chat.ts';
import type { NewChatEvent } from '../envelope.ts';
import type { EventData, EventType } from '../events.ts';
import { Refusal, type RefusalCode } from '../refusals.ts';

/** An event that a test expects: its type alone, or also the fields of its data that matter to the test. */
export type ExpectedEvent =
  | EventType
  | { [T in EventType]: { type: T; data?: Partial<EventData<T>> } }[EventType];

/** What came of a command: facts or a refusal. */
export class Outcome {
  readonly #result: readonly NewChatEvent[] | Refusal;
  readonly #evolved: () => Chat;

  constructor(result: readonly NewChatEvent[] | Refusal, evolved: () => Chat) {
    this.#result = result;
    this.#evolved = evolved;
  }

  /** The facts. Throws when the command was refused. */
  get events(): readonly NewChatEvent[] {
    if (!Refusal.is(this.#result)) return this.#result;
    throw new Mismatch('expected events, but it was refused', 'events', this.#result.code);
  }

  /** The chat's state with the facts in it. Throws when the command was refused. */
  get chat(): Chat {
    if (Refusal.is(this.#result)) throw new Mismatch('it was refused', 'events', this.#result.code);
    return this.#evolved();
  }

  /** Exactly these events, in this order; with no arguments: nothing happened. */
  yields(...expected: ExpectedEvent[]): this {
    const wanted = expected.map((event) =>
      typeof event === 'string' ? { type: event, data: {} } : { type: event.type, data: event.data ?? {} },
    );
    const events = this.events.map((event, index) => shownLike(event, wanted[index]?.data ?? {}));
    if (canonical(events) === canonical(wanted)) return this;
    throw new Mismatch('other events than expected', wanted, events);
  }

  /** A refusal with this code, and with these details when they are given. */
  refuses(code: RefusalCode, details?: Readonly<Record<string, unknown>>): this {
    if (!Refusal.is(this.#result)) {
      const types = this.#result.map(({ type }) => type);
      throw new Mismatch(`expected the refusal ${code}, but it was accepted`, code, types);
    }
    const actual = { code: this.#result.code, ...(details && { details: this.#result.details }) };
    const expected = { code, ...(details && { details }) };
    if (canonical(actual) === canonical(expected)) return this;
    throw new Mismatch('another refusal than expected', expected, actual);
  }
}

/** A failed expectation, in the form from which test runners show a difference. */
class Mismatch extends Error {
  override readonly name = 'Mismatch';
  readonly expected: unknown;
  readonly actual: unknown;
  readonly showDiff = true;

  constructor(message: string, expected: unknown, actual: unknown) {
    super(`${message}\nexpected: ${JSON.stringify(expected)}\nactual:   ${JSON.stringify(actual)}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** The event with only those fields of its data that the expectation names. */
function shownLike(event: NewChatEvent, expected: object): object {
  const named = Object.keys(expected);
  const data = Object.fromEntries(Object.entries(event.data).filter(([key]) => named.includes(key)));
  return { type: event.type, data };
}

/** JSON that is the same whatever the order of the keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
