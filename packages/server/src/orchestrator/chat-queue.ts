/**
 * Runs work of one chat one after another. Two commands that decide on the same state can't both be stored;
 * waiting in line is cheaper than deciding again.
 */
export class ChatQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  run<T>(chatId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(chatId);
    const result = before === undefined ? work() : before.then(work, work);
    this.#last.set(chatId, result);
    const forget = () => {
      if (this.#last.get(chatId) === result) this.#last.delete(chatId);
    };
    result.then(forget, forget);
    return result;
  }
}
