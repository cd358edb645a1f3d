import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// Raised when the tables or their meaning change: the views are then rebuilt from the log.
const viewsVersion = 1;

const schema = `
  CREATE TABLE progress (only INTEGER PRIMARY KEY CHECK (only = 1), position INTEGER NOT NULL) STRICT;
  INSERT INTO progress VALUES (1, 0);

  CREATE TABLE chats (
    chat_id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    turn_holder TEXT,
    turn_expires_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX chats_by_deadline ON chats (turn_expires_at) WHERE turn_expires_at IS NOT NULL;

  CREATE TABLE members (
    user_id TEXT NOT NULL,
    chat_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    joined INTEGER NOT NULL,
    read_sequence INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, chat_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_chat ON members (chat_id, user_id);

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    chat_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_place ON messages (chat_id, sequence);
  CREATE INDEX messages_by_id ON messages (message_id, chat_id);

  CREATE VIRTUAL TABLE messages_found USING fts5 (
    text, content = 'messages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
  );
`;

export const viewsFile = (folder: string) => join(folder, 'views.db');

/**
 * Opens the read models for writing. They hold nothing that the log does not: a file of another version, or
 * one that cannot be read, is thrown away and made anew.
 */
export function openViewsForWriting(folder: string): DatabaseSync {
  const file = viewsFile(folder);
  try {
    return prepare(file);
  } catch {
    for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
    return prepare(file);
  }
}

function prepare(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    // A crash may lose the latest of it, never its integrity: it is caught up from the log.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version === viewsVersion) return database;
    if (version !== 0) throw new Error('The views are of another version.');
    database.exec(`BEGIN; ${schema} PRAGMA user_version = ${viewsVersion}; COMMIT`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
