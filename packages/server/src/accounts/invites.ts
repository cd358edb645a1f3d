import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** What a link's secret stands for. Whether it still lets anyone in is the chat's to say. */
export interface InviteTarget {
  inviteId: string;
  chatId: string;
  createdBy: string;
}

/** The secrets of invite links, kept as hashes: who reads the database can't use them. */
export class Invites {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`CREATE TABLE IF NOT EXISTS invites (
      token_hash BLOB PRIMARY KEY, invite_id TEXT NOT NULL, chat_id TEXT NOT NULL, created_by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`);
  }

  /** Returns the secret; it is not kept. */
  add({ inviteId, chatId, createdBy }: InviteTarget): string {
    const token = randomBytes(24).toString('base64url');
    this.#database
      .prepare('INSERT INTO invites VALUES (?, ?, ?, ?)')
      .run(hashOf(token), inviteId, chatId, createdBy);
    return token;
  }

  find(token: string): InviteTarget | undefined {
    return this.#database
      .prepare(
        'SELECT invite_id AS inviteId, chat_id AS chatId, created_by AS createdBy FROM invites WHERE token_hash = ?',
      )
      .get(hashOf(token)) as InviteTarget | undefined;
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
