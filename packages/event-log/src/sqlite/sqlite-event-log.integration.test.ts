import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeEventLog, newEvent } from '../event-log.contract.ts';
import { openSqliteEventLog } from './sqlite-event-log.ts';

const newFolder = () => mkdtemp(join(tmpdir(), 'parley-log-'));
const remove = (folder: string) => rm(folder, { recursive: true, force: true });

describeEventLog('sqlite', async () => {
  const folder = await newFolder();
  let log = await openSqliteEventLog({ folder });
  return {
    log,
    async reopen() {
      await log.close();
      log = await openSqliteEventLog({ folder });
      return log;
    },
    async dispose() {
      await log.close();
      await remove(folder);
    },
  };
});

describe('the file and its folder', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  const file = () => join(folder, 'parley.db');

  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await remove(folder);
  });

  /** A process that opens the log, appends without end, and prints the key of every append that was answered. */
  async function writer(): Promise<{ child: ChildProcess; answered: string[]; ended: Promise<void> }> {
    const module = new URL('./sqlite-event-log.ts', import.meta.url).href;
    const program = `
      const { openSqliteEventLog } = await import(${JSON.stringify(module)});
      const log = await openSqliteEventLog({ folder: ${JSON.stringify(folder)} });
      let number = 0;
      const one = async () => {
        for (;;) {
          const key = 'k' + number++;
          const event = { id: key, type: 'said', version: 1, time: 't', meta: {}, data: { key } };
          await log.append({ stream: 's' + (number % 5), events: [event, event], expected: 'any', key });
          process.stdout.write(key + '\\n');
        }
      };
      for (let index = 0; index < 16; index++) void one();
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const answered: string[] = [];
    let rest = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      answered.push(...lines);
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    while (answered.length < 50) await new Promise((resolve) => setTimeout(resolve, 10));
    return { child, answered, ended };
  }

  test('a second process is told who owns the folder; after a SIGKILL it is free, and all that was answered is there', async () => {
    const { child, answered, ended } = await writer();
    await expect(openSqliteEventLog({ folder })).rejects.toMatchObject({
      code: 'log.in_use',
      message: expect.stringContaining(`process (${child.pid} on `),
    });
    child.kill('SIGKILL');
    await ended;
    const log = await openSqliteEventLog({ folder });
    const events = [];
    for (let after = 0; ; ) {
      const page = await log.readAll({ after });
      events.push(...page);
      after = page.at(-1)?.position ?? after;
      if (page.length === 0) break;
    }
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
    const times = new Map<unknown, number>();
    for (const { data } of events) times.set(data.key, (times.get(data.key) ?? 0) + 1);
    // Each append has two events: all of it is there, or nothing.
    expect([...times.values()].every((count) => count === 2)).toBe(true);
    expect(answered.filter((key) => !times.has(key))).toEqual([]);
    await log.close();
  });

  async function stored(): Promise<void> {
    const log = await openSqliteEventLog({ folder });
    await log.append({ stream: 'a', events: [newEvent()], expected: 'any' });
    await log.close();
  }

  test.each([
    ['is no database', 'log.damaged', () => writeFile(file(), 'Dear diary, '.repeat(1_000))],
    ['is cut off', 'log.damaged', () => truncate(file(), 5_000)],
    ['is another program’s', 'log.damaged', () => change('PRAGMA application_id = 7')],
    ['lacks a table', 'log.damaged', () => change('DROP TABLE append_keys')],
    ['is of a newer version', 'log.newer_version', () => change('PRAGMA user_version = 99')],
  ])('a file that %s is refused, and left as it is', async (_what, code, damage) => {
    await stored();
    await damage();
    const before = await readFile(file());
    await expect(openSqliteEventLog({ folder })).rejects.toMatchObject({ code });
    expect(await readFile(file())).toEqual(before);
    // The folder is free again for whoever repairs it.
    await expect(openSqliteEventLog({ folder })).rejects.toMatchObject({ code });
  });

  async function change(sql: string): Promise<void> {
    const database = new DatabaseSync(file());
    database.exec(`${sql}; PRAGMA wal_checkpoint(TRUNCATE)`);
    database.close();
  }

  test('appends that come together are committed together', async () => {
    const log = await openSqliteEventLog({ folder });
    await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        log.append({ stream: `s${index}`, events: [newEvent()], expected: 'none' }),
      ),
    );
    const { appends, commits } = log.statistics();
    expect(appends).toBe(300);
    expect(commits).toBeLessThan(20);
    await log.close();
  });

  test('more than may wait is refused, and what waits is stored', async () => {
    const log = await openSqliteEventLog({ folder, maxQueued: 10 });
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => log.append({ stream: 'a', events: [newEvent()], expected: 'any' })),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: 'log.overloaded' } });
    expect(await log.head()).toBe(30 - refused.length);
    await log.close();
  });
});
