import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log.ts';
import { asLogError } from './failures.ts';

/**
 * Claims a data folder for this process. The claim is a lock that the operating system drops with the process,
 * however it ends. Returns the way to let go.
 * @throws {EventLogError} `log.in_use`, naming the owner
 */
export function claimFolder(folder: string): () => void {
  const file = join(folder, 'owner.db');
  const description = join(folder, 'owner.json');
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    lock = new DatabaseSync(file);
    // The lock file holds nothing; what it says stands beside it, where others can read it.
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if ((Number((error as { errcode?: unknown }).errcode) & 0xff) !== 5) throw asLogError(error, file);
    throw new EventLogError(
      'log.in_use',
      `${describe(description)} works on ${folder} already. Stop it first, or use another folder (PARLEY_DATA_DIR).`,
    );
  }
  writeFileSync(
    description,
    `${JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() })}\n`,
  );
  return () => lock.close();
}

function describe(description: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(description, 'utf8')) as Record<string, unknown>;
    return `Another process (${pid} on ${host}, since ${since})`;
  } catch {
    return 'Another process';
  }
}
