import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BusEvent, BusStorage, EventBus } from './event-bus.ts';

interface TestCommand {
  type: 'say' | 'leave';
  text?: string;
}

export interface TestEvent extends BusEvent {
  type: 'said' | 'left';
}

type TestBus = EventBus<TestCommand, TestEvent>;

/** A log in memory, as a bus sees it. It outlives the buses that are made upon it. */
export class TestStorage implements BusStorage<TestEvent> {
  readonly events: TestEvent[] = [];
  readonly checkpoints = new Map<string, number>();
  readonly deadLetters: { handler: string; position: number; attempts: number; error: string }[] = [];

  /** Stores events, of one key unless said otherwise, without telling a bus. */
  add(count: number, over: Partial<TestEvent> = {}): TestEvent[] {
    const added = Array.from({ length: count }, (_, index) => ({
      type: 'said' as const,
      key: 'a',
      ...over,
      position: this.events.length + index + 1,
    }));
    this.events.push(...added);
    return added;
  }

  read = async (after: number, limit: number) => this.events.slice(after, after + limit);
  head = async () => this.events.length;
  loadCheckpoint = async (handler: string) => this.checkpoints.get(handler);
  saveCheckpoint = async (handler: string, position: number) => void this.checkpoints.set(handler, position);
  deadLetter: BusStorage<TestEvent>['deadLetter'] = async ({ handler, event, attempts, error }) =>
    void this.deadLetters.push({ handler, position: event.position, attempts, error });
}

/** What every adapter of the event bus promises. `make` makes a bus upon a storage. */
export function describeEventBus(name: string, make: (storage: TestStorage) => TestBus): void {
  describe(`${name}: the promises of an event bus`, () => {
    let storage: TestStorage;
    let bus: TestBus;

    beforeEach(() => {
      storage = new TestStorage();
      bus = make(storage);
    });
    afterEach(() => bus.close({ grace: 50 }));

    /** Stores events, and tells the bus. */
    const publish = (count: number, over: Partial<TestEvent> = {}) => bus.publish(storage.add(count, over));
    const fails = () => {
      throw new Error('broken');
    };
    const hangs = () => new Promise<never>(() => {});
    const once = { delivery: 'once' as const, from: 'beginning' as const, retries: [] };

    describe('before', () => {
      test('asks in order of priority; what one amends, the next one sees', async () => {
        bus.before('say', ({ text }) => ({ amend: { text: `${text}!` } }), { name: 'late', priority: 200 });
        bus.before('*', ({ type }) => (type === 'say' ? { amend: { text: 'Hello' } } : undefined), {
          name: 'early',
          priority: 1,
        });
        expect(await bus.ask({ type: 'say', text: '' })).toEqual({
          allowed: true,
          command: { type: 'say', text: 'Hello!' },
        });
      });

      test('the first refusal ends it, and names its handler', async () => {
        const later = vi.fn(() => undefined);
        bus.before('say', () => ({ refuse: { code: 'no', reason: 'Not now.' } }), {
          name: 'refuses',
          priority: 1,
        });
        bus.before('say', later, { name: 'later' });
        expect(await bus.ask({ type: 'say' })).toEqual({
          allowed: false,
          code: 'no',
          reason: 'Not now.',
          by: 'refuses',
        });
        expect(later).not.toHaveBeenCalled();
        expect((await bus.ask({ type: 'leave' })).allowed).toBe(true);
      });

      test.each([
        ['throws', fails],
        ['hangs', hangs],
      ])('a handler that %s lets pass or refuses, as it was registered', async (_what, handler) => {
        const undo = bus.before('say', handler, { name: 'open', timeLimit: 20 });
        expect(await bus.ask({ type: 'say', text: 'x' })).toEqual({
          allowed: true,
          command: { type: 'say', text: 'x' },
        });
        undo();
        bus.before('say', handler, { name: 'closed', timeLimit: 20, onFailure: 'closed' });
        expect(await bus.ask({ type: 'say' })).toMatchObject({ allowed: false, by: 'closed' });
        expect(bus.statistics()).toMatchObject([{ name: 'closed', kind: 'before', failed: 1 }]);
      });

      test('an amendment cannot change what is asked', async () => {
        bus.before('say', () => ({ amend: { type: 'leave' } as never }), { name: 'sly' });
        expect(await bus.ask({ type: 'say' })).toEqual({ allowed: true, command: { type: 'say' } });
      });
    });

    describe('on, everywhere', () => {
      const everywhere = { delivery: 'everywhere' as const };

      test('every handler is called within publish, in order of priority', () => {
        const calls: string[] = [];
        bus.on('*', ({ position }) => void calls.push(`second ${position}`), {
          name: 'second',
          priority: 20,
          ...everywhere,
        });
        bus.on('said', ({ position }) => void calls.push(`first ${position}`), {
          name: 'first',
          priority: 10,
          ...everywhere,
        });
        bus.on('left', () => void calls.push('never'), { name: 'other', ...everywhere });
        publish(2);
        expect(calls).toEqual(['first 1', 'second 1', 'first 2', 'second 2']);
      });

      test('one that throws or hangs harms no other', async () => {
        const heard: number[] = [];
        bus.on('*', fails, { name: 'throws', priority: 1, ...everywhere });
        bus.on('*', hangs, { name: 'hangs', priority: 2, timeLimit: 20, ...everywhere });
        bus.on('*', ({ position }) => void heard.push(position), {
          name: 'fine',
          priority: 3,
          ...everywhere,
        });
        publish(3);
        expect(heard).toEqual([1, 2, 3]);
        await bus.idle();
        const statistics = Object.fromEntries(bus.statistics().map((each) => [each.name, each]));
        expect(statistics.throws).toMatchObject({ failed: 3, lastError: { message: 'broken' } });
        expect(statistics.hangs).toMatchObject({ failed: 3, timedOut: 3, queued: 0 });
        expect(statistics.fine).toMatchObject({ handled: 3, failed: 0 });
      });

      test('where a handler takes its time, later events of the same key wait for it, and others do not', async () => {
        const done: string[] = [];
        const handle = async ({ key, position }: TestEvent) => {
          await new Promise((resolve) => setTimeout(resolve, key === 'slow' ? 15 : 1));
          done.push(`${key}${position}`);
        };
        bus.on('*', handle, { name: 'slow', ...everywhere });
        publish(2, { key: 'slow' });
        publish(2, { key: 'fast' });
        await bus.idle();
        expect(done).toEqual(['fast3', 'fast4', 'slow1', 'slow2']);
      });

      test('doubled events are heard once; a gap is filled from the log', async () => {
        const heard: number[] = [];
        bus.on('*', ({ position }) => void heard.push(position), { name: 'all', ...everywhere });
        publish(2);
        bus.publish(storage.events);
        storage.add(5);
        publish(1);
        await bus.idle();
        expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      });

      test('it begins with what comes after it was registered', () => {
        const heard: number[] = [];
        publish(3);
        const undo = bus.on('*', ({ position }) => void heard.push(position), {
          name: 'late',
          ...everywhere,
        });
        publish(2);
        undo();
        publish(1);
        expect(heard).toEqual([4, 5]);
      });
    });

    describe('on, once', () => {
      test('nothing is handled before start; then all of it, from the beginning or from now', async () => {
        const heard = { beginning: [] as number[], now: [] as number[] };
        storage.add(3);
        for (const from of ['beginning', 'now'] as const) {
          bus.on('*', ({ position }) => void heard[from].push(position), {
            name: from,
            from,
            delivery: 'once',
          });
        }
        expect(heard.beginning).toEqual([]);
        await bus.start();
        publish(2);
        await bus.idle();
        expect(heard).toEqual({ beginning: [1, 2, 3, 4, 5], now: [4, 5] });
      });

      test('after a restart it goes on where it was, with what came while it was away', async () => {
        const heard: number[] = [];
        const register = () =>
          bus.on('said', ({ position }) => void heard.push(position), { name: 'index', ...once });
        register();
        await bus.start();
        publish(3);
        await bus.idle();
        await bus.close();
        storage.add(2);
        bus = make(storage);
        register();
        await bus.start();
        await bus.idle();
        expect(heard).toEqual([1, 2, 3, 4, 5]);
        expect(storage.checkpoints.get('index')).toBe(5);
      });

      test('what was not done when the bus closed is handled again', async () => {
        bus.on('*', hangs, { name: 'slow', ...once });
        await bus.start();
        publish(1);
        await bus.close({ grace: 10 });
        expect(storage.checkpoints.get('slow') ?? 0).toBe(0);
        const heard: number[] = [];
        bus = make(storage);
        bus.on('*', ({ position }) => void heard.push(position), { name: 'slow', ...once });
        await bus.start();
        await bus.idle();
        expect(heard).toEqual([1]);
      });

      test('the signal of what is running aborts when the bus closes, and is waited for', async () => {
        let ended = false;
        bus.on(
          '*',
          (_event, { signal }) =>
            new Promise<void>((resolve) => {
              signal.addEventListener('abort', () =>
                setTimeout(() => {
                  ended = true;
                  resolve();
                }, 5),
              );
            }),
          { name: 'polite', ...once },
        );
        await bus.start();
        publish(1);
        await vi.waitFor(() => expect(bus.statistics()[0]?.queued).toBe(1));
        await bus.close({ grace: 1_000 });
        expect(ended).toBe(true);
      });

      test('events of one key are handled in order, those of several keys at once', async () => {
        const order: string[] = [];
        let running = 0;
        let most = 0;
        bus.on(
          '*',
          async ({ key, position }) => {
            most = Math.max(most, ++running);
            await new Promise((resolve) => setTimeout(resolve, 20 - position));
            running--;
            order.push(`${key}${position}`);
          },
          { name: 'ordered', concurrency: 2, ...once },
        );
        await bus.start();
        for (const key of ['a', 'b', 'c', 'a', 'b', 'c']) publish(1, { key });
        await bus.idle();
        expect(most).toBe(2);
        for (const key of ['a', 'b', 'c']) {
          const own = order.filter((entry) => entry.startsWith(key));
          expect(own).toEqual(own.toSorted());
        }
      });

      test('a failure is tried again; after the last try the event is a dead letter, and the next one has its turn', async () => {
        const attempts: string[] = [];
        bus.on(
          '*',
          ({ position }, { attempt }) => {
            attempts.push(`${position}:${attempt}`);
            if (position === 1) throw new Error('poisoned');
          },
          { name: 'fragile', ...once, retries: [1, 1] },
        );
        await bus.start();
        publish(2);
        await bus.idle();
        expect(attempts).toEqual(['1:1', '1:2', '1:3', '2:1']);
        expect(storage.deadLetters).toEqual([
          { handler: 'fragile', position: 1, attempts: 3, error: 'poisoned' },
        ]);
        expect(bus.statistics()).toMatchObject([
          { handled: 1, failed: 3, retried: 2, deadLettered: 1, position: 2 },
        ]);
      });

      test('a key that is tried again holds up no other', async () => {
        const done: string[] = [];
        bus.on(
          '*',
          ({ key }, { attempt }) => {
            if (key === 'bad' && attempt === 1) throw new Error('once');
            done.push(key);
          },
          { name: 'patient', ...once, retries: [50] },
        );
        await bus.start();
        publish(1, { key: 'bad' });
        publish(1, { key: 'good' });
        await bus.idle();
        expect(done).toEqual(['good', 'bad']);
      });

      test('one that takes too long is told so, and tried again', async () => {
        const reasons: unknown[] = [];
        bus.on(
          '*',
          (_event, { signal, attempt }) => {
            if (attempt === 2) return;
            signal.addEventListener('abort', () => reasons.push(signal.reason.name));
            return hangs();
          },
          { name: 'slow', ...once, timeLimit: 20, retries: [1] },
        );
        await bus.start();
        publish(1);
        await bus.idle();
        expect(reasons).toEqual(['HandlerTimeout']);
        expect(bus.statistics()).toMatchObject([{ handled: 1, timedOut: 1 }]);
      });

      test('many more events than are held in memory are all handled', async () => {
        let handled = 0;
        bus.on('*', () => void handled++, { name: 'many', ...once });
        storage.add(3_000);
        await bus.start();
        for (let index = 0; index < 50; index++) publish(100, { key: `k${index}` });
        await bus.idle();
        expect(handled).toBe(8_000);
      });

      test('undone, it hears no more and the others do; registered again, it goes on where it was', async () => {
        const heard: number[] = [];
        const others: number[] = [];
        const register = () =>
          bus.on('*', ({ position }) => void heard.push(position), { name: 'index', ...once });
        const undo = register();
        bus.on('*', ({ position }) => void others.push(position), { name: 'other', ...once });
        await bus.start();
        publish(2);
        await bus.idle();
        undo();
        publish(2);
        await bus.idle();
        expect([heard, others]).toEqual([
          [1, 2],
          [1, 2, 3, 4],
        ]);
        register();
        await vi.waitFor(() => expect(heard).toEqual([1, 2, 3, 4]));
      });

      test('closing waits no longer than its grace, and what is published afterwards is left to the next bus', async () => {
        const heard: number[] = [];
        bus.on('*', hangs, { name: 'stuck', ...once });
        bus.on('*', ({ position }) => void heard.push(position), { name: 'live', delivery: 'everywhere' });
        await bus.start();
        publish(1);
        await vi.waitFor(() => expect(bus.statistics()[0]?.queued).toBe(1));
        await bus.close({ grace: 10 });
        await bus.close();
        publish(1);
        expect(heard).toEqual([1]);
        bus = make(storage);
        bus.on('*', ({ position }) => void heard.push(position), { name: 'stuck', ...once });
        await bus.start();
        await bus.idle();
        expect(heard).toEqual([1, 1, 2]);
      });

      test('one that is registered later begins at once', async () => {
        await bus.start();
        const heard: number[] = [];
        storage.add(2);
        bus.on('*', ({ position }) => void heard.push(position), { name: 'late', ...once });
        await vi.waitFor(() => expect(heard).toEqual([1, 2]));
      });
    });

    test('names are unique, and free again after the undo', () => {
      const undo = bus.on('*', () => {}, { name: 'same' });
      expect(() => bus.before('say', () => undefined, { name: 'same' })).toThrow(/same/);
      undo();
      bus.before('say', () => undefined, { name: 'same' });
    });
  });
}
