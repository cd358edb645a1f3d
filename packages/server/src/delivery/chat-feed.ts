/** Wakes those who follow a chat over a stream of server-sent events, when something was stored in it. */
export class ChatFeed {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Calls `wake` whenever the chat has news. Returns its undo. */
  follow(chatId: string, wake: () => void): () => void {
    const followers = this.#waiting.get(chatId) ?? new Set();
    followers.add(wake);
    this.#waiting.set(chatId, followers);
    return () => {
      followers.delete(wake);
      if (followers.size === 0) this.#waiting.delete(chatId);
    };
  }

  announce(chatId: string): void {
    for (const wake of this.#waiting.get(chatId) ?? []) wake();
  }

  /** Wakes everybody, for the last time. */
  close(): void {
    for (const chatId of this.#waiting.keys()) this.announce(chatId);
  }
}
