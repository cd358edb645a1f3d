import type { SentResponse } from '@parley/chat/api';
import { ParleyError } from './parley-error.ts';
import { uuidv7 } from './uuid.ts';

/** A message on its way to the server. */
export interface OutgoingMessage {
  id: string;
  text: string;
  replyTo?: string | undefined;
  /** ISO 8601, by the sender's clock. */
  at: string;
  /** `sent`: answered, and about to come back as an event. */
  status: 'pending' | 'sent' | 'failed';
  error?: { code: string; message: string } | undefined;
}

/** Where an outbox survives a reload; `localStorage` fits. */
export interface OutboxStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface OutboxOptions {
  /** Names the outbox in `storage`. */
  key: string;
  post: (message: { id: string; text: string; replyTo?: string }) => Promise<SentResponse>;
  onChange: () => void;
  onSent: (sent: SentResponse) => void;
  storage?: OutboxStorage | undefined;
}

const longestWait = 30_000;

/**
 * Messages that the server has not confirmed: sent one after another, in order, under ids of their own, so that
 * sending one again can never double it. What fails for want of an answer is tried again; a "no" waits for its author.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #messages: OutgoingMessage[];
  #sending = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#messages = this.#restore();
  }

  /** In the order in which they were written. */
  get messages(): readonly OutgoingMessage[] {
    return this.#messages;
  }

  /** Returns the new message's id. */
  add(text: string, replyTo?: string): string {
    const message: OutgoingMessage = { id: uuidv7(), text, at: new Date().toISOString(), status: 'pending' };
    this.#change([...this.#messages, replyTo === undefined ? message : { ...message, replyTo }]);
    this.flush();
    return message.id;
  }

  retry(id: string): void {
    this.#update(id, { status: 'pending', error: undefined });
    this.flush();
  }

  remove(id: string): void {
    if (this.#messages.some((message) => message.id === id)) {
      this.#change(this.#messages.filter((message) => message.id !== id));
    }
  }

  /** Tries now, without waiting any longer. */
  flush(): void {
    clearTimeout(this.#timer);
    void this.#send();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #send(): Promise<void> {
    if (this.#sending || this.#closed) return;
    this.#sending = true;
    try {
      for (let next = this.#next(); next !== undefined && !this.#closed; next = this.#next()) {
        if (!(await this.#post(next))) return;
      }
    } finally {
      this.#sending = false;
    }
  }

  /** False when it has to wait. */
  async #post({ id, text, replyTo }: OutgoingMessage): Promise<boolean> {
    try {
      const sent = await this.#options.post({ id, text, ...(replyTo === undefined ? {} : { replyTo }) });
      this.#failures = 0;
      this.#update(id, { status: 'sent' });
      this.#options.onSent(sent);
      return true;
    } catch (error) {
      if (!ParleyError.is(error)) throw error;
      if (!error.retryable) {
        this.#update(id, { status: 'failed', error: { code: error.code, message: error.message } });
        return true;
      }
      this.#failures++;
      const wait = error.retryAfter ?? Math.min(longestWait, 500 * 2 ** Math.min(this.#failures, 6));
      this.#timer = setTimeout(() => void this.#send(), wait);
      return false;
    }
  }

  #next(): OutgoingMessage | undefined {
    return this.#messages.find(({ status }) => status === 'pending');
  }

  #update(id: string, change: Partial<OutgoingMessage>): void {
    if (!this.#messages.some((message) => message.id === id)) return;
    this.#change(this.#messages.map((message) => (message.id === id ? { ...message, ...change } : message)));
  }

  #change(messages: OutgoingMessage[]): void {
    this.#messages = messages;
    const { storage, key, onChange } = this.#options;
    try {
      if (messages.length === 0) storage?.removeItem(key);
      else storage?.setItem(key, JSON.stringify(messages));
    } catch {
      // A full or forbidden storage costs the survival of a reload, and nothing else.
    }
    onChange();
  }

  #restore(): OutgoingMessage[] {
    try {
      const kept = JSON.parse(this.#options.storage?.getItem(this.#options.key) ?? '[]') as OutgoingMessage[];
      // What was answered before the reload is in the chat already; sending it again finds that out.
      return kept.map((message) => (message.status === 'sent' ? { ...message, status: 'pending' } : message));
    } catch {
      return [];
    }
  }
}
