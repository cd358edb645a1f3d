import { Refusal } from '@parley/chat';
import type { EventDrivenOrchestrator } from '../orchestrator/orchestrator.ts';

interface Deadline {
  chatId: string;
  holder: string;
  expiresAt: string;
}

// The longest time that a timer can be set to is about 24 days.
const longest = 2 ** 31 - 1;

/** Ends turns whose time is up: one timer for each chat that has such a turn. */
export class TurnDeadlines {
  readonly #orchestrator: EventDrivenOrchestrator;
  readonly #onError: (error: unknown) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(parts: { orchestrator: EventDrivenOrchestrator; onError: (error: unknown) => void }) {
    this.#orchestrator = parts.orchestrator;
    this.#onError = parts.onError;
  }

  /** Takes the place of the chat's earlier deadline. */
  set({ chatId, holder, expiresAt }: Deadline): void {
    this.clear(chatId);
    // A moment late rather than early: an early one would be refused, and nobody would come again.
    const wait = Math.min(longest, Math.max(0, Date.parse(expiresAt) - Date.now()) + 10);
    const timer = setTimeout(() => {
      this.#timers.delete(chatId);
      this.#expire(chatId, holder).catch(this.#onError);
    }, wait);
    this.#timers.set(chatId, timer.unref());
  }

  clear(chatId: string): void {
    clearTimeout(this.#timers.get(chatId));
    this.#timers.delete(chatId);
  }

  close(): void {
    for (const chatId of this.#timers.keys()) this.clear(chatId);
  }

  async #expire(chatId: string, participantId: string): Promise<void> {
    try {
      await this.#orchestrator.execute({
        chatId,
        command: { type: 'turn.expire', participantId },
        actor: { id: 'parley', kind: 'system' },
      });
    } catch (error) {
      // The person spoke at the last moment, or an AI is answering: then the next turn has its own deadline.
      if (!Refusal.is(error)) throw error;
    }
  }
}
