import { EventLogError } from '../event-log.ts';

// Primary result codes of SQLite.
const notADatabase = 26;
const corrupt = 11;
const storageCodes = new Set([8 /* read-only */, 10 /* I/O */, 13 /* full */, 14 /* cannot open */]);

/** An error of SQLite as one of the log's; anything else as it is. */
export function asLogError(error: unknown, file: string): unknown {
  const code = Number((error as { errcode?: unknown } | null)?.errcode ?? Number.NaN) & 0xff;
  const reason = error instanceof Error ? error.message : String(error);
  if (code === notADatabase || code === corrupt) {
    return new EventLogError(
      'log.damaged',
      `${file} is damaged, or is not a database (${reason}). Restore it from a backup; nothing was changed.`,
      { cause: error },
    );
  }
  if (storageCodes.has(code)) {
    return new EventLogError(
      'log.storage_failed',
      `${file} could not be written (${reason}). See that the disk has room and the folder can be written.`,
      { cause: error },
    );
  }
  return error;
}
