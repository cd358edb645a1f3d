import { type AIReply, type ChatCommand, Refusal, type ResponseOutcome } from '@parley/chat';
import { v5 as uuidv5 } from 'uuid';
import type { ReplyEvent } from '../ai/ai-response-service.ts';
import type { EventDrivenOrchestrator } from '../orchestrator/orchestrator.ts';

/** How a reply ended. The model is not known of one that a dead process left behind. */
export type ReplyEnd = Omit<Extract<ReplyEvent, { type: 'ended' }>, 'type' | 'model'> & { model?: string };

// One reply makes one message, however often its end is reported.
const messageIds = 'c5f2a9b0-5c0e-4a55-9f2f-6c3b6f0f7d11';

/** What an AI participant tells the chat about one reply. All of it is harmless when told twice or too late. */
export class ReplyCommands {
  readonly #orchestrator: EventDrivenOrchestrator;
  readonly #chatId: string;
  readonly #reply: AIReply;
  readonly #causationId: string;

  constructor(parts: {
    orchestrator: EventDrivenOrchestrator;
    chatId: string;
    reply: AIReply;
    /** The event that asked for it. */
    causationId: string;
  }) {
    this.#orchestrator = parts.orchestrator;
    this.#chatId = parts.chatId;
    this.#reply = parts.reply;
    this.#causationId = parts.causationId;
  }

  /** False when the reply is no longer wanted. */
  start(model: string): Promise<boolean> {
    return this.#give({ type: 'ai_response.start', responseId: this.#reply.responseId, model });
  }

  /** Its words become a message; without any, it is only told that it failed. */
  async end(ended: ReplyEnd): Promise<void> {
    const { responseId, reason, replaces } = this.#reply;
    const { text, status, code, message, retryable, model, usage } = ended;
    if (text.trim() === '') {
      if (status === 'stopped') return;
      await this.#give({
        type: 'ai_response.fail',
        responseId,
        code: code ?? 'ai.empty',
        message: message ?? 'The AI model gave no answer.',
        retryable: retryable ?? true,
      });
      return;
    }
    const response: ResponseOutcome = {
      responseId,
      status,
      reason,
      ...(model === undefined ? {} : { model }),
      ...(status === 'failed' ? { code, message, retryable } : {}),
      ...(usage === undefined ? {} : { usage }),
    };
    await this.#give({
      type: 'message.send',
      messageId: uuidv5(responseId, messageIds),
      text,
      response,
      ...(replaces === undefined ? {} : { replaces }),
    });
  }

  async #give(command: ChatCommand): Promise<boolean> {
    try {
      await this.#orchestrator.execute({
        chatId: this.#chatId,
        command,
        actor: { id: this.#reply.participantId, kind: 'ai' },
        causationId: this.#causationId,
      });
      return true;
    } catch (error) {
      // The chat was archived, or the AI removed or muted, while it wrote. A full disk is another matter.
      if (!Refusal.is(error) || error.status >= 500) throw error;
      return false;
    }
  }
}
