import type { SentResponse } from '@parley/chat/api';
import { backOff } from './back-off.ts';
import { keep, type OutboxStorage, restore } from './outbox-storage.ts';
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
  /** Where it stands in the chat, once it is sent. */
  sequence?: number | undefined;
  error?: { code: string; message: string } | undefined;
}

export interface OutboxOptions {
  post: (message: { id: string; text: string; replyTo?: string }) => Promise<SentResponse>;
  onChange: () => void;
  onSent: (sent: SentResponse) => void;
  storage?: OutboxStorage | undefined;
}

/**
 * Messages that the server has not confirmed: sent one after another, in order, under ids of their own, so that
 * sending one again can never double it. What fails for want of an answer is tried again; a "no" waits for its author.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #messages: readonly OutgoingMessage[] = [];
  /** Where it is kept: whose it is, and which chat's. Nothing is sent before that is known. */
  #key: string | undefined;
  /** Every message that was ever in it. Others under the same key are another window's. */
  readonly #own = new Set<string>();
  #sending = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #notBefore = 0;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** In the order in which they were written. The same array until something changes. */
  get messages(): readonly OutgoingMessage[] {
    return this.#messages;
  }

  /** Takes up what was kept under this key, and begins to send. Once is enough. */
  open(key: string): void {
    if (this.#key !== undefined || this.#closed) return;
    this.#key = key;
    const kept = restore(this.#options.storage, key);
    for (const { id } of kept) this.#own.add(id);
    if (kept.length > 0) this.#change([...kept, ...this.#messages]);
    this.flush();
  }

  /** Returns the new message's id. */
  add(text: string, replyTo?: string): string {
    const message: OutgoingMessage = { id: uuidv7(), text, at: new Date().toISOString(), status: 'pending' };
    this.#own.add(message.id);
    this.#change([...this.#messages, replyTo === undefined ? message : { ...message, replyTo }]);
    this.flush();
    return message.id;
  }

  retry(id: string): void {
    this.#update(id, { status: 'pending', error: undefined });
    this.flush();
  }

  remove(id: string): void {
    this.#keepOnly((message) => message.id !== id);
  }

  /** Lets go of what is in the chat: what is shown there, and what was answered to stand before its end. */
  confirm(end: number, isShown: (id: string) => boolean): void {
    if (this.#messages.length === 0) return;
    this.#keepOnly(({ id, sequence = Number.POSITIVE_INFINITY }) => sequence > end && !isShown(id));
  }

  /** Tries now, without waiting any longer than the server has asked for. */
  flush(): void {
    if (Date.now() < this.#notBefore) return;
    clearTimeout(this.#timer);
    void this.#send();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #send(): Promise<void> {
    if (this.#sending || this.#closed || this.#key === undefined) return;
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
      this.#update(id, { status: 'sent', sequence: sent.sequence });
      this.#options.onSent(sent);
      return true;
    } catch (error) {
      if (!ParleyError.is(error)) throw error;
      if (!error.retryable) {
        this.#update(id, { status: 'failed', error: { code: error.code, message: error.message } });
        return true;
      }
      this.#wait(error);
      return false;
    }
  }

  #wait({ retryAfter }: ParleyError): void {
    if (this.#closed) return;
    if (retryAfter !== undefined) this.#notBefore = Date.now() + retryAfter;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), retryAfter ?? backOff(++this.#failures));
  }

  #next(): OutgoingMessage | undefined {
    return this.#messages.find(({ status }) => status === 'pending');
  }

  #update(id: string, change: Partial<OutgoingMessage>): void {
    if (!this.#messages.some((message) => message.id === id)) return;
    this.#change(this.#messages.map((message) => (message.id === id ? { ...message, ...change } : message)));
  }

  #keepOnly(keeps: (message: OutgoingMessage) => boolean): void {
    const kept = this.#messages.filter(keeps);
    if (kept.length < this.#messages.length) this.#change(kept);
  }

  #change(messages: readonly OutgoingMessage[]): void {
    this.#messages = messages;
    if (this.#key !== undefined) keep(this.#options.storage, this.#key, { messages, own: this.#own });
    this.#options.onChange();
  }
}
