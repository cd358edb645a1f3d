import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Append, EventLog, NewEvent, StoredEvent } from './event-log.ts';

/** One log under test. */
export interface OpenedLog {
  log: EventLog;
  /** Closes it and opens it again, where it outlives its process. */
  reopen?: () => Promise<EventLog>;
  dispose(): Promise<void>;
}

let made = 0;

/** An event to append; `over` replaces some of it. */
export function newEvent(over: Partial<NewEvent> = {}): NewEvent {
  const id = `event-${++made}`;
  const data = { text: 'Grüße 👋', list: [1, null, { deep: true }] };
  return {
    id,
    type: 'said',
    version: 1,
    time: '2026-01-02T03:04:05.678Z',
    meta: { actor: 'ada' },
    data,
    ...over,
  };
}

/** What every adapter of the event log promises. */
export function describeEventLog(name: string, open: () => Promise<OpenedLog>): void {
  describe(`${name}: the promises of an event log`, () => {
    let opened: OpenedLog;
    let log: EventLog;

    beforeEach(async () => {
      opened = await open();
      log = opened.log;
    });
    afterEach(() => opened.dispose());

    const append = (over: Partial<Append> = {}) =>
      log.append({ stream: 'a', events: [newEvent()], expected: 'any', ...over });
    const sequences = (events: StoredEvent[]) => events.map(({ sequence }) => sequence);

    describe('append', () => {
      test('stores all events of an append, and gives back what stands in the log', async () => {
        const events = [newEvent({ subject: 'm1' }), newEvent()];
        const result = await append({ events });
        expect(result).toMatchObject({ status: 'appended', sequence: 2, position: 2 });
        const stored = await log.readStream('a');
        expect(stored).toMatchObject(
          events.map((event, index) => ({ ...event, sequence: index + 1, position: index + 1, stream: 'a' })),
        );
        expect(result.status === 'appended' && result.events).toEqual(stored);
        expect(stored[1]).not.toHaveProperty('subject');
      });

      test.each([
        ['any', 0, true],
        ['any', 1, true],
        ['none', 0, true],
        ['none', 1, false],
        ['exists', 0, false],
        ['exists', 1, true],
        [0, 0, true],
        [0, 1, false],
        [1, 1, true],
        [2, 1, false],
      ] as const)(
        'expecting %s of a stream with %i events: accepted %s',
        async (expected, existing, accepted) => {
          for (let index = 0; index < existing; index++) await append();
          const result = await append({ expected });
          if (accepted) expect(result).toMatchObject({ status: 'appended', sequence: existing + 1 });
          else expect(result).toEqual({ status: 'conflict', sequence: existing });
          expect(await log.streamHead('a')).toBe(existing + (accepted ? 1 : 0));
        },
      );

      test('a key is used once in a stream: the second append stores nothing and learns where the first stands', async () => {
        await append({ key: 'k' });
        expect(await append({ key: 'k', expected: 99 })).toEqual({
          status: 'duplicate',
          sequence: 1,
          position: 1,
        });
        expect(await append({ stream: 'b', key: 'k' })).toMatchObject({ status: 'appended', sequence: 1 });
        expect(await log.head()).toBe(2);
      });

      test('of many at once that expect the same, one is accepted; none spoils another stream', async () => {
        const results = await Promise.all([
          ...Array.from({ length: 20 }, () => append({ expected: 0 })),
          ...Array.from({ length: 20 }, (_, index) => append({ stream: `s${index}` })),
        ]);
        expect(results.slice(0, 20).filter(({ status }) => status === 'appended')).toHaveLength(1);
        expect(results.slice(20).every(({ status }) => status === 'appended')).toBe(true);
        const all = await log.readAll();
        expect(all.map(({ position }) => position)).toEqual(
          Array.from({ length: 21 }, (_, index) => index + 1),
        );
      });

      test('the moment of recording never goes back', async () => {
        for (let index = 0; index < 5; index++) await append();
        const times = (await log.readAll()).map(({ recordedAt }) => recordedAt);
        expect(times).toEqual(times.toSorted());
      });

      test.each([
        ['no events', { events: [] }],
        ['a NUL character', { events: [newEvent({ data: { text: 'a\u0000b' } })] }],
        ['half a character', { events: [newEvent({ data: { deep: ['\ud800'] } })] }],
        ['a name with half a character', { events: [newEvent({ meta: { '\udfff': 1 } })] }],
        ['what is no number', { events: [newEvent({ data: { value: Number.NaN } })] }],
        ['a function', { events: [newEvent({ data: { run: (() => 1) as never } })] }],
        ['a stream without a name', { stream: '' }],
        ['a version of zero', { events: [newEvent({ version: 0 })] }],
      ])('%s is refused, and nothing is stored', async (_what, over) => {
        await expect(append(over)).rejects.toMatchObject({ code: 'log.invalid_event' });
        expect(await log.head()).toBe(0);
      });

      test('text that only looks like an escape is stored as it is', async () => {
        const data = { text: String.raw`\u0000 and \ud800 in words` };
        await append({ events: [newEvent({ data })] });
        expect((await log.readStream('a'))[0]?.data).toEqual(data);
      });
    });

    describe('reading', () => {
      beforeEach(async () => {
        for (const [index, type] of ['said', 'read', 'said', 'said', 'left'].entries()) {
          await append({ events: [newEvent({ type, subject: `m${index % 2}` })] });
          await append({ stream: 'b', events: [newEvent({ type, subject: `m${index % 2}` })] });
        }
      });

      test('a stream, or a part of it, in either direction', async () => {
        expect(sequences(await log.readStream('a'))).toEqual([1, 2, 3, 4, 5]);
        expect(sequences(await log.readStream('a', { after: 2 }))).toEqual([3, 4, 5]);
        expect(sequences(await log.readStream('a', { before: 3 }))).toEqual([1, 2]);
        expect(
          sequences(await log.readStream('a', { types: ['said'], before: 4, backwards: true, limit: 1 })),
        ).toEqual([3]);
        expect(await log.readStream('nothing')).toEqual([]);
      });

      test('what is about some subjects, in one stream', async () => {
        expect(sequences(await log.readSubjects('a', ['m1']))).toEqual([2, 4]);
        expect(sequences(await log.readSubjects('a', ['m0', 'm1', 'm9']))).toEqual([1, 2, 3, 4, 5]);
        expect(await log.readSubjects('a', [])).toEqual([]);
      });

      test('everything, by position, of some types', async () => {
        const positions = (events: StoredEvent[]) => events.map(({ position }) => position);
        expect(positions(await log.readAll())).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        expect(positions(await log.readAll({ after: 3, limit: 2 }))).toEqual([4, 5]);
        expect(positions(await log.readAll({ types: ['read', 'left'] }))).toEqual([3, 4, 9, 10]);
      });

      test('heads, and the position of a moment', async () => {
        expect([await log.head(), await log.streamHead('a'), await log.streamHead('c')]).toEqual([10, 5, 0]);
        expect(await log.positionAt('2000-01-01T00:00:00.000Z')).toBe(0);
        expect(await log.positionAt('2999-01-01T00:00:00.000Z')).toBe(10);
        const [, , third] = await log.readAll();
        expect(await log.positionAt(third?.recordedAt ?? '')).toBeGreaterThanOrEqual(3);
      });
    });

    test('listeners hear every event once, in order, before its append is answered', async () => {
      const heard: number[] = [];
      const stop = log.onAppended((events) => heard.push(...events.map(({ position }) => position)));
      await Promise.all(
        Array.from({ length: 30 }, async (_, index) => {
          const result = await append({ stream: `s${index % 3}` });
          if (result.status === 'appended') expect(heard).toContain(result.position);
        }),
      );
      expect(heard).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
      stop();
      await append();
      expect(heard).toHaveLength(30);
    });

    test('a checkpoint never goes back', async () => {
      expect(await log.loadCheckpoint('views')).toBeUndefined();
      await log.saveCheckpoint('views', 5);
      await log.saveCheckpoint('views', 3);
      expect(await log.loadCheckpoint('views')).toBe(5);
      await log.saveCheckpoint('views', 9);
      expect(await log.loadCheckpoint('views')).toBe(9);
    });

    test('snapshots: the newest at or below a sequence, of the same version; older ones are thinned', async () => {
      const save = (sequence: number, version = 1) =>
        log.saveSnapshot('a', version, { sequence, position: sequence, state: { sequence } }, 100);
      for (const sequence of [10, 50, 110, 150, 190, 230]) await save(sequence);
      expect((await log.loadSnapshot('a', 1))?.state).toEqual({ sequence: 230 });
      expect((await log.loadSnapshot('a', 1, 229))?.sequence).toBe(110);
      expect((await log.loadSnapshot('a', 1, 60))?.sequence).toBe(10);
      expect(await log.loadSnapshot('a', 1, 9)).toBeUndefined();
      expect(await log.loadSnapshot('b', 1)).toBeUndefined();
      await save(300, 2);
      expect(await log.loadSnapshot('a', 1)).toBeUndefined();
      expect((await log.loadSnapshot('a', 2))?.sequence).toBe(300);
    });

    test('notes are kept, replaced, listed by their beginning, and deleted', async () => {
      await log.saveNote('reply:1', 'so far');
      await log.saveNote('reply:1', { text: 'further' });
      await log.saveNote('reply:2', null);
      await log.saveNote('other', 7);
      expect(await log.loadNote('reply:1')).toEqual({ text: 'further' });
      expect(await log.listNotes('reply:')).toEqual([
        { key: 'reply:1', value: { text: 'further' } },
        { key: 'reply:2', value: null },
      ]);
      await log.deleteNote('reply:1');
      expect(await log.loadNote('reply:1')).toBeUndefined();
    });

    test('dead letters are kept until they are deleted', async () => {
      const letter = {
        handler: 'webhooks',
        position: 3,
        stream: 'a',
        attempts: 4,
        error: 'refused',
        failedAt: '2026-01-01T00:00:00.000Z',
      };
      await log.addDeadLetter(letter);
      await log.addDeadLetter({ ...letter, handler: 'search', position: 1 });
      expect(await log.listDeadLetters()).toMatchObject([{ position: 1 }, letter]);
      expect(await log.listDeadLetters('webhooks')).toEqual([letter]);
      await log.deleteDeadLetter('webhooks', 3);
      expect(await log.listDeadLetters('webhooks')).toEqual([]);
    });

    test('closing finishes what was accepted; afterwards nothing is', async () => {
      const appends = Array.from({ length: 50 }, () => append());
      await log.close();
      await log.close();
      expect((await Promise.all(appends)).every(({ status }) => status === 'appended')).toBe(true);
      await expect(append()).rejects.toMatchObject({ code: 'log.closed' });
      await expect(log.readAll()).rejects.toMatchObject({ code: 'log.closed' });
    });

    test('it counts what it does', async () => {
      await append({ events: [newEvent(), newEvent()], key: 'k' });
      await append({ key: 'k' });
      await append({ expected: 0 });
      await log.head();
      expect(log.statistics()).toMatchObject({
        appends: 1,
        events: 2,
        duplicates: 1,
        conflicts: 1,
        reads: 1,
        queued: 0,
      });
    });

    test('opened again it reads the same, and goes on where it was', async () => {
      if (opened.reopen === undefined) return;
      await append({ key: 'k', events: [newEvent({ subject: 'm' }), newEvent()] });
      await log.saveCheckpoint('views', 2);
      const before = await log.readAll();
      log = await opened.reopen();
      expect(await log.readAll()).toEqual(before);
      expect(await log.loadCheckpoint('views')).toBe(2);
      expect(await append({ key: 'k' })).toMatchObject({ status: 'duplicate' });
      expect(await append()).toMatchObject({ sequence: 3, position: 3 });
    });
  });
}
