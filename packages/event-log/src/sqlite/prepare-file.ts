import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log.ts';
import { asLogError } from './failures.ts';
import { applicationId, schema, schemaVersion } from './schema.ts';

/**
 * Makes the log's file when there is none, and looks at the one that is there before anything writes to it.
 * @throws {EventLogError} `log.damaged`, `log.newer_version`, `log.storage_failed`
 */
export function prepareFile(file: string): void {
  const isNew = !existsSync(file) || statSync(file).size === 0;
  let database: DatabaseSync | undefined;
  try {
    // What is there already is only read: a file that is not ours, or damaged, stays as it is.
    database = new DatabaseSync(file, { readOnly: !isNew });
    database.exec('PRAGMA busy_timeout = 5000');
    if (isNew) create(database);
    else {
      if (isShort(file)) requireWhole(database, file);
      examine(database, file);
    }
  } catch (error) {
    throw asLogError(error, file);
  } finally {
    database?.close();
  }
}

/** Whether a database says that it has more pages than its file can hold. */
function isShort(file: string): boolean {
  const header = Buffer.alloc(32);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, 32, 0);
  } finally {
    closeSync(descriptor);
  }
  const pageSize = header.readUInt16BE(16);
  const bytes = header.readUInt32BE(28) * (pageSize === 1 ? 65_536 : pageSize);
  return header.toString('latin1', 0, 15) === 'SQLite format 3' && statSync(file).size < bytes;
}

/**
 * A short file was cut off, unless its write-ahead log has the pages that it lacks: that is how a process leaves
 * it that ended while it moved them. Looking at every page takes its time, and is needed in this case only.
 */
function requireWhole(database: DatabaseSync, file: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (found.quick_check === 'ok') return;
  throw new EventLogError(
    'log.damaged',
    `${file} is damaged: its end is missing. Restore it from a backup; nothing was changed.`,
  );
}

function create(database: DatabaseSync): void {
  database.exec(`
    PRAGMA journal_mode = WAL;
    BEGIN IMMEDIATE;
    ${schema}
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${schemaVersion};
    COMMIT;
  `);
}

function examine(database: DatabaseSync, file: string): void {
  const read = (name: string) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  if (read('application_id') !== applicationId) {
    throw new EventLogError(
      'log.damaged',
      `${file} is not a Parley database. Choose another folder (PARLEY_DATA_DIR), or restore the file from a backup.`,
    );
  }
  const version = read('user_version');
  if (version > schemaVersion) {
    throw new EventLogError(
      'log.newer_version',
      `${file} was written by a newer Parley (format ${version}, this one knows ${schemaVersion}). Install that version; nothing was changed.`,
    );
  }
  // Both ends of every index that an append touches: torn files show here, and not at the first message.
  database.exec('SELECT max(position) FROM events; SELECT max(stream) FROM streams');
  const { found } = database
    .prepare(
      `SELECT count(*) AS found FROM sqlite_schema
       WHERE name IN ('events', 'streams', 'append_keys', 'checkpoints', 'snapshots', 'notes', 'dead_letters')`,
    )
    .get() as { found: number };
  if (found === 7) return;
  throw new EventLogError('log.damaged', `${file} lacks some of its tables. Restore it from a backup.`);
}
