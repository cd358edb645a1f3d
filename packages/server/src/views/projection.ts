import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ChatEvent } from '@parley/chat';

/** Brings the read models forward, event by event; the caller holds the transaction. */
export class Projection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Position of the last event that the views contain. */
  position(): number {
    return (this.#one('SELECT position FROM progress') as { position: number }).position;
  }

  savePosition(position: number): void {
    this.#run('UPDATE progress SET position = ?', position);
  }

  apply(event: ChatEvent): void {
    const { chatId, sequence, time } = event;
    if (event.type === 'chat.created') {
      this.#run(
        `INSERT INTO chats (chat_id, title, status, sequence, updated_at) VALUES (?, ?, 'open', ?, ?)`,
        chatId,
        event.data.title,
        sequence,
        time,
      );
      return;
    }
    this.#run('UPDATE chats SET sequence = ? WHERE chat_id = ?', sequence, chatId);
    switch (event.type) {
      case 'chat.updated':
        this.#run('UPDATE chats SET title = ? WHERE chat_id = ?', event.data.title, chatId);
        return;
      case 'chat.archived':
      case 'chat.restored': {
        const status = event.type === 'chat.archived' ? 'archived' : 'open';
        this.#run('UPDATE chats SET status = ?, updated_at = ? WHERE chat_id = ?', status, time, chatId);
        return;
      }
      case 'participant.joined': {
        const { id, name, kind } = event.data.participant;
        this.#run(
          `INSERT INTO members (user_id, chat_id, name, kind, joined) VALUES (?, ?, ?, ?, 1)
           ON CONFLICT (user_id, chat_id) DO UPDATE SET name = excluded.name, joined = 1`,
          id,
          chatId,
          name,
          kind,
        );
        return;
      }
      case 'participant.updated':
        if (event.data.name === undefined) return;
        this.#run(
          'UPDATE members SET name = ? WHERE user_id = ? AND chat_id = ?',
          event.data.name,
          event.data.participantId,
          chatId,
        );
        return;
      case 'participant.left':
      case 'participant.removed':
        this.#run(
          'UPDATE members SET joined = 0 WHERE user_id = ? AND chat_id = ?',
          event.data.participantId,
          chatId,
        );
        return;
      case 'message.sent': {
        const { messageId, author, text } = event.data;
        this.#run('UPDATE chats SET updated_at = ? WHERE chat_id = ?', time, chatId);
        this.#read(chatId, author, sequence);
        const { lastInsertRowid } = this.#run(
          'INSERT INTO messages (chat_id, message_id, author, at, sequence, text) VALUES (?, ?, ?, ?, ?, ?)',
          chatId,
          messageId,
          author,
          time,
          sequence,
          text,
        );
        this.#run('INSERT INTO messages_found (rowid, text) VALUES (?, ?)', lastInsertRowid, text);
        return;
      }
      case 'message.edited':
        this.#rewrite(chatId, event.data.messageId, event.data.text);
        return;
      case 'message.deleted':
      case 'message.redacted':
        this.#rewrite(chatId, event.data.messageId, undefined);
        return;
      case 'message.read':
        this.#read(chatId, event.data.participantId, event.data.sequence);
        return;
      case 'turn.changed':
        this.#run(
          'UPDATE chats SET turn_holder = ?, turn_expires_at = ? WHERE chat_id = ?',
          event.data.holder,
          event.data.expiresAt,
          chatId,
        );
        return;
      default:
    }
  }

  #read(chatId: string, userId: string, sequence: number): void {
    this.#run(
      'UPDATE members SET read_sequence = max(read_sequence, ?) WHERE user_id = ? AND chat_id = ?',
      sequence,
      userId,
      chatId,
    );
  }

  /** Gives a message another text in the search as well; without a text it is gone from both. */
  #rewrite(chatId: string, messageId: string, text: string | undefined): void {
    const found = this.#one(
      'SELECT id, text FROM messages WHERE message_id = ? AND chat_id = ?',
      messageId,
      chatId,
    ) as { id: number; text: string } | undefined;
    if (found === undefined) return;
    this.#run(
      `INSERT INTO messages_found (messages_found, rowid, text) VALUES ('delete', ?, ?)`,
      found.id,
      found.text,
    );
    if (text === undefined) {
      this.#run('DELETE FROM messages WHERE id = ?', found.id);
      return;
    }
    this.#run('UPDATE messages SET text = ? WHERE id = ?', text, found.id);
    this.#run('INSERT INTO messages_found (rowid, text) VALUES (?, ?)', found.id, text);
  }

  #run(sql: string, ...values: (string | number | bigint | null)[]) {
    return this.#statement(sql).run(...values);
  }

  #one(sql: string, ...values: (string | number)[]): unknown {
    return this.#statement(sql).get(...values);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
