import type { Chat } from '@parley/chat';

/** A chat in memory. */
export interface CachedChat {
  chat: Chat;
  /** When its head was last compared with the log's, in milliseconds of the process's clock. */
  checkedAt: number;
  /** `chat` as JSON text, made when first asked for. */
  json?: string | undefined;
}

/** The chats in memory, least recently used first; bounded by an estimate of the bytes that they take. */
export class CachedChats {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, CachedChat & { bytes: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Looks without counting as a use. */
  peek(chatId: string): CachedChat | undefined {
    return this.#entries.get(chatId);
  }

  get(chatId: string): CachedChat | undefined {
    const entry = this.#entries.get(chatId);
    if (entry === undefined) return undefined;
    this.#entries.delete(chatId);
    this.#entries.set(chatId, entry);
    return entry;
  }

  set(chatId: string, entry: CachedChat): void {
    this.delete(chatId);
    const bytes = estimateBytes(entry.chat);
    this.#entries.set(chatId, { ...entry, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === chatId) break;
      this.delete(oldest);
    }
  }

  delete(chatId: string): void {
    const entry = this.#entries.get(chatId);
    if (entry === undefined) return;
    this.#entries.delete(chatId);
    this.#bytes -= entry.bytes;
  }
}

// State and JSON text together, in the worst case.
function estimateBytes(chat: Chat): number {
  let characters = 2_000 + chat.participants.length * 400;
  for (const message of chat.messages) characters += 300 + message.text.length;
  return characters * 4;
}
