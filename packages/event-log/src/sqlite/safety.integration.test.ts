import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newEvent } from '../event-log.contract.ts';
import type { EventLog } from '../event-log.ts';
import { openSqliteEventLog } from './sqlite-event-log.ts';

const pageSize = 4_096;

describe('what the disk may do to a log', () => {
  let folder: string;
  let spare: string;
  const file = () => join(folder, 'parley.db');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-log-'));
    spare = await mkdtemp(join(tmpdir(), 'parley-log-'));
  });
  afterEach(async () => {
    for (const each of [folder, spare]) await rm(each, { recursive: true, force: true });
  });

  async function fill(log: EventLog, count: number): Promise<void> {
    const data = { text: 'x'.repeat(2_000) };
    for (let index = 0; index < count; index++) {
      await log.append({ stream: 'a', events: [newEvent({ data })], expected: 'any' });
    }
  }

  async function overwrite(path: string, bytes: Uint8Array, at: number): Promise<void> {
    const handle = await open(path, 'r+');
    await handle.write(bytes, 0, bytes.length, at);
    await handle.close();
  }

  /** Leaves no write-ahead log behind. */
  function moveIntoFile(): void {
    const database = new DatabaseSync(file());
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }

  /** What a process prints that may make no file larger than so many blocks of 512 or 1024 bytes. */
  async function runWithFileLimit(blocks: number, program: string): Promise<string> {
    const script = `ulimit -f ${blocks} && exec "$0" --input-type=module --eval "$1"`;
    const child = spawn('sh', ['-c', script, process.execPath, program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    return printed;
  }

  // The limit on a file's size stands for a full disk: a real refusal of the kernel, and nobody has to be root.
  test.skipIf(process.platform === 'win32')(
    'a full disk: the append is refused, reading goes on, and all that was answered is there afterwards',
    async () => {
      const module = new URL('./sqlite-event-log.ts', import.meta.url).href;
      const program = `
        const { openSqliteEventLog } = await import(${JSON.stringify(module)});
        const log = await openSqliteEventLog({ folder: ${JSON.stringify(folder)} });
        const data = { text: 'x'.repeat(20_000) };
        let answered = 0;
        let failure;
        while (failure === undefined && answered < 10_000) {
          const event = { id: 'e' + answered, type: 'said', version: 1, time: 't', meta: {}, data };
          try {
            await log.append({ stream: 'a', events: [event], expected: answered, key: 'k' + answered });
            answered++;
          } catch (error) {
            failure = error.code;
          }
        }
        const head = await log.head();
        await log.close();
        console.log(JSON.stringify({ answered, failure, head }));
      `;
      const printed = await runWithFileLimit(1_024, program);
      const { answered, failure, head } = JSON.parse(printed) as Record<string, unknown>;
      expect(failure).toBe('log.storage_failed');
      expect(answered).toBeGreaterThan(0);
      expect(head).toBe(answered);

      const log = await openSqliteEventLog({ folder });
      expect(await log.head()).toBe(answered);
      await fill(log, 1);
      expect((await log.readAll()).map(({ position }) => position)).toEqual(
        Array.from({ length: Number(answered) + 1 }, (_, index) => index + 1),
      );
      await log.close();
    },
  );

  test('a write that fails takes none of those along that share its commit', async () => {
    const log = await openSqliteEventLog({ folder });
    const append = (stream: string) => log.append({ stream, events: [newEvent()], expected: 'none' });
    const [first, failed, second] = await Promise.allSettled([
      append('a'),
      // The table refuses it: a position is a whole number.
      log.saveCheckpoint('views', 1.5),
      append('b'),
    ]);
    expect(failed.status).toBe('rejected');
    expect(first).toMatchObject({ value: { status: 'appended', position: 1 } });
    expect(second).toMatchObject({ value: { status: 'appended', position: 2 } });
    expect(await log.head()).toBe(2);
    expect(await log.loadCheckpoint('views')).toBeUndefined();
    await log.close();
  });

  test('a first page that was overwritten is refused, and left as it is', async () => {
    const log = await openSqliteEventLog({ folder });
    await fill(log, 50);
    await log.close();
    moveIntoFile();
    await overwrite(file(), Buffer.alloc(pageSize - 100, 0xa5), 100);
    const before = await readFile(file());
    await expect(openSqliteEventLog({ folder })).rejects.toMatchObject({ code: 'log.damaged' });
    expect(await readFile(file())).toEqual(before);
  });

  test.skipIf(process.platform === 'win32')(
    'where the disk was full while the write-ahead log was being moved into the file, it opens whole',
    async () => {
      const log = await openSqliteEventLog({ folder });
      await fill(log, 100);
      // As they stand while the log is open: the events are in the write-ahead log only.
      for (const name of ['parley.db', 'parley.db-wal']) {
        await copyFile(join(folder, name), join(spare, name));
      }
      await log.close();
      const copy = join(spare, 'parley.db');
      const small = (await stat(copy)).size;
      const program = `
        const { DatabaseSync } = await import('node:sqlite');
        const database = new DatabaseSync(${JSON.stringify(copy)});
        try {
          database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        } catch {
          console.log('refused');
        }
        process.kill(process.pid, 'SIGKILL');
      `;
      expect(await runWithFileLimit(160, program)).toBe('refused\n');
      // The first page came first, and tells of pages that the file has not got.
      const pages = (await readFile(copy)).readUInt32BE(28);
      expect(pages * pageSize).toBeGreaterThan((await stat(copy)).size);
      expect(pages * pageSize).toBeGreaterThan(small);

      const alone = await readFile(copy);
      const reopened = await openSqliteEventLog({ folder: spare });
      expect(await reopened.head()).toBe(100);
      await reopened.close();

      // The same file without its write-ahead log is cut off indeed.
      await writeFile(file(), alone);
      await rm(`${file()}-wal`, { force: true });
      await expect(openSqliteEventLog({ folder })).rejects.toMatchObject({ code: 'log.damaged' });
      expect(await readFile(file())).toEqual(alone);
    },
  );
});
