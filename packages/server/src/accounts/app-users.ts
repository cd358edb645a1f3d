import type { DatabaseSync } from 'node:sqlite';
import type { Caller } from './caller.ts';

/** People whom an embedding app vouches for by its tokens; known here from their first request on. */
export class AppUsers {
  readonly #database: DatabaseSync;
  /** Names that the database holds already, so that a request in the usual case writes and reads nothing. */
  readonly #known = new Map<string, string>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      'CREATE TABLE IF NOT EXISTS app_users (id TEXT PRIMARY KEY, name TEXT NOT NULL, first_seen TEXT NOT NULL) STRICT',
    );
  }

  /** Creates the person on first sight, and takes over a changed name. */
  seen(id: string, name: string): void {
    if (this.#known.get(id) === name) return;
    this.#database
      .prepare(
        `INSERT INTO app_users VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE name <> excluded.name`,
      )
      .run(id, name, new Date().toISOString());
    if (this.#known.size >= 100_000) this.#known.clear();
    this.#known.set(id, name);
  }

  find(id: string): Caller | undefined {
    const row = this.#database.prepare('SELECT name FROM app_users WHERE id = ?').get(id) as
      | { name: string }
      | undefined;
    return row && { id, name: row.name, kind: 'app' };
  }
}
