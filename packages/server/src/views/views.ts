import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { ChatListItem, SearchResponse } from '@parley/chat/api';
import { openViewsForWriting, viewsFile } from './database.ts';

export interface DueTurn {
  chatId: string;
  holder: string;
  expiresAt: string;
}

const unreadLimit = 100;

/**
 * The read models: chat list with unread counts, message search, turns with a deadline. Made from the log by a
 * thread of their own, a moment behind it; a query waits until they contain what its caller has seen.
 */
export class Views {
  readonly #worker: Worker;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #waiting = new Set<{ position: number; resolve: () => void }>();
  #position = 0;
  #head = 0;
  #queries = 0;
  #closed = false;
  #telling: NodeJS.Timeout | undefined;

  /** @param onError called when the thread fails; the views stand still then, and the next start catches up. */
  static open(options: { folder: string; onError: (error: unknown) => void }): Views {
    // The file and its tables are there before anyone reads.
    openViewsForWriting(options.folder).close();
    return new Views(options);
  }

  private constructor({ folder, onError }: { folder: string; onError: (error: unknown) => void }) {
    this.#database = new DatabaseSync(viewsFile(folder), { readOnly: true });
    this.#database.exec('PRAGMA busy_timeout = 5000');
    this.#worker = new Worker(new URL('./projector.worker.ts', import.meta.url), {
      workerData: { folder },
      execArgv: [],
    });
    this.#worker.on('error', (error) => {
      this.#release();
      onError(error);
    });
    this.#worker.on('message', ({ position, failure }: { position?: number; failure?: string }) => {
      if (failure !== undefined) onError(new Error(`The views wait, and try again: ${failure}`));
      this.#position = position ?? this.#position;
      this.#release();
    });
  }

  /** Tells that the log has grown to this position. */
  follow(head: number): void {
    if (head <= this.#head || this.#closed) return;
    this.#head = head;
    // While it is behind it looks at the log by itself: now and then a word is enough.
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      if (!this.#closed) this.#worker.postMessage({ head: this.#head, urgent: false });
    }, 10).unref();
  }

  /** Resolves when the views contain everything up to a position; after two seconds in any case. */
  async contains(position = this.#head): Promise<void> {
    if (this.#position >= position || this.#closed) return;
    this.#worker.postMessage({ head: this.#head, urgent: true });
    await new Promise<void>((resolve) => {
      const waiter = { position, resolve };
      this.#waiting.add(waiter);
      setTimeout(() => {
        this.#waiting.delete(waiter);
        resolve();
      }, 2_000).unref();
    });
  }

  /** The chats that somebody is in, the latest first. */
  listChats(userId: string, options: { archived: boolean; limit: number }): ChatListItem[] {
    const rows = this.#all<ChatRow>(
      `SELECT chat_id, title, status, sequence, updated_at, read_sequence
       FROM members JOIN chats USING (chat_id)
       WHERE user_id = ? AND joined = 1 AND status = ?
       ORDER BY updated_at DESC, chat_id LIMIT ?`,
      userId,
      options.archived ? 'archived' : 'open',
      options.limit,
    );
    return rows.map((row) => this.#item(row, userId));
  }

  /** One chat as its line in the list; undefined for who is not in it. */
  findChat(userId: string, chatId: string): ChatListItem | undefined {
    const [row] = this.#all<ChatRow>(
      `SELECT chat_id, title, status, sequence, updated_at, read_sequence
       FROM members JOIN chats USING (chat_id) WHERE user_id = ? AND chat_id = ? AND joined = 1`,
      userId,
      chatId,
    );
    return row && this.#item(row, userId);
  }

  /** Messages in somebody's chats that contain every word of the query, the best first. */
  search(userId: string, options: { words: string; chatId?: string; limit: number }): SearchResponse['hits'] {
    const query = matchExpression(options.words);
    if (query === '') return [];
    return this.#all<SearchResponse['hits'][number]>(
      `SELECT messages.chat_id AS chatId, chats.title AS chatTitle, message_id AS messageId, author, at,
              messages.sequence AS sequence,
              snippet(messages_found, 0, char(2), char(3), '…', 24) AS excerpt
       FROM messages_found
       JOIN messages ON messages.id = messages_found.rowid
       JOIN members ON members.chat_id = messages.chat_id AND members.user_id = ? AND members.joined = 1
       JOIN chats ON chats.chat_id = messages.chat_id
       WHERE messages_found MATCH ? AND (? IS NULL OR messages.chat_id = ?)
       ORDER BY rank LIMIT ?`,
      userId,
      query,
      options.chatId ?? null,
      options.chatId ?? null,
      options.limit,
    ).map((hit) => ({ ...hit }));
  }

  /** Turns that end by themselves. */
  dueTurns(): DueTurn[] {
    return this.#all<DueTurn>(
      `SELECT chat_id AS chatId, turn_holder AS holder, turn_expires_at AS expiresAt FROM chats
       WHERE turn_expires_at IS NOT NULL AND turn_holder IS NOT NULL AND status = 'open'`,
    );
  }

  statistics(): { position: number; behind: number; queries: number } {
    return {
      position: this.#position,
      behind: Math.max(0, this.#head - this.#position),
      queries: this.#queries,
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#worker.postMessage('close');
    await ended;
    this.#release();
    this.#database.close();
  }

  #release(): void {
    for (const waiter of this.#waiting) {
      if (waiter.position > this.#position && !this.#closed) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }

  #item(row: ChatRow, userId: string): ChatListItem {
    const participants = this.#all<ChatListItem['participants'][number]>(
      'SELECT user_id AS id, name, kind FROM members WHERE chat_id = ? AND joined = 1 LIMIT 20',
      row.chat_id,
    );
    const [last] = this.#all<NonNullable<ChatListItem['lastMessage']>>(
      `SELECT author, substr(text, 1, 200) AS text, at, sequence FROM messages
       WHERE chat_id = ? ORDER BY sequence DESC LIMIT 1`,
      row.chat_id,
    );
    const [unread] = this.#all<{ count: number }>(
      `SELECT count(*) AS count FROM (
         SELECT 1 FROM messages WHERE chat_id = ? AND sequence > ? AND author <> ? LIMIT ${unreadLimit})`,
      row.chat_id,
      row.read_sequence,
      userId,
    );
    return {
      id: row.chat_id,
      title: row.title,
      status: row.status,
      sequence: row.sequence,
      updatedAt: row.updated_at,
      participants,
      lastMessage: last ?? null,
      unread: unread?.count ?? 0,
    };
  }

  #all<Row>(sql: string, ...values: (string | number | null)[]): Row[] {
    this.#queries++;
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(...values) as Row[];
  }
}

interface ChatRow {
  chat_id: string;
  title: string;
  status: 'open' | 'archived';
  sequence: number;
  updated_at: string;
  read_sequence: number;
}

/** What people type, as a full-text query: every word must occur, the last one may go on. */
function matchExpression(words: string): string {
  const terms = words.match(/[\p{L}\p{N}]+/gu)?.slice(0, 12) ?? [];
  return terms.map((term, index) => `"${term}"${index === terms.length - 1 ? '*' : ''}`).join(' ');
}
