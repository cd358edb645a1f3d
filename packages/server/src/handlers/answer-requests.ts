import { type AIReply, type Chat, type ChatEvent, joined, Refusal, type ResponseOutcome } from '@parley/chat';
import type { HandlerContext } from '@parley/event-bus';
import type { EventLog } from '@parley/event-log';
import { v5 as uuidv5 } from 'uuid';
import type { AIResponseService, ReplyEvent } from '../ai/ai-response-service.ts';
import { buildReplyContext } from '../ai/reply-context.ts';
import type { RealtimeEventService } from '../delivery/realtime-event-service.ts';
import type { EventDrivenOrchestrator } from '../orchestrator/orchestrator.ts';
import type { ChatSessionStateManager } from '../session-state/session-state-manager.ts';

type Ended = Extract<ReplyEvent, { type: 'ended' }>;

// One reply makes one message, however often its end is reported.
const messageIds = 'c5f2a9b0-5c0e-4a55-9f2f-6c3b6f0f7d11';
// So much of a reply may be missing after the server died in the middle of it.
const keepPartialEvery = 500;

const interrupted = {
  code: 'ai.interrupted',
  message: 'The reply was interrupted when the server stopped.',
  retryable: true,
};

/**
 * Answers `ai_response.requested`: lets the service write, shows the words as they come, and ends with the AI's
 * own `message.send` through the same door as everybody's. A reply that a dead process left behind is not
 * written again: what was kept of it becomes a message that says so.
 */
export class AnswerRequests {
  readonly #orchestrator: EventDrivenOrchestrator;
  readonly #sessions: ChatSessionStateManager;
  readonly #service: AIResponseService;
  readonly #realtime: RealtimeEventService;
  readonly #log: EventLog;
  readonly #running = new Map<string, AbortController>();

  constructor(parts: {
    orchestrator: EventDrivenOrchestrator;
    sessions: ChatSessionStateManager;
    service: AIResponseService;
    realtime: RealtimeEventService;
    log: EventLog;
  }) {
    this.#orchestrator = parts.orchestrator;
    this.#sessions = parts.sessions;
    this.#service = parts.service;
    this.#realtime = parts.realtime;
    this.#log = parts.log;
  }

  /** How many replies are being written now. */
  get running(): number {
    return this.#running.size;
  }

  async answer(event: ChatEvent<'ai_response.requested'>, { signal }: HandlerContext): Promise<void> {
    const chat = await this.#sessions.load(event.chatId);
    const reply = chat.aiReplies.find(({ responseId }) => responseId === event.data.responseId);
    // Stopped meanwhile, or answered before a crash kept the checkpoint from being saved.
    if (reply === undefined) return;
    const run = new Run(this.#orchestrator, chat, reply, event.id);
    if (reply.status === 'started') {
      const kept = await this.#log.loadNote(run.noteKey);
      await run.end({ text: typeof kept === 'string' ? kept : '', status: 'failed', ...interrupted });
    } else {
      await this.#write(run, chat, reply, signal);
    }
    this.#realtime.endReply(event.chatId, reply.responseId);
    await this.#log.deleteNote(run.noteKey);
  }

  /** Ends a reply that is being written; its words so far are kept as a message. */
  stop({ data }: ChatEvent<'ai_response.stopped'>): void {
    this.#running.get(data.responseId)?.abort();
  }

  async #write(run: Run, chat: Chat, reply: AIReply, closing: AbortSignal): Promise<void> {
    const { responseId, participantId } = reply;
    const stopping = new AbortController();
    this.#running.set(responseId, stopping);
    try {
      const context = buildReplyContext(chat, reply, await this.#earlier(chat, reply));
      const stream = this.#service.generate(context, {
        signal: AbortSignal.any([stopping.signal, closing]),
        ...modelOf(chat, participantId),
      });
      let text = '';
      let keptAt = performance.now();
      for await (const part of stream) {
        if (part.type === 'started') {
          if (!(await run.start(part.model))) stopping.abort();
        } else if (part.type === 'delta') {
          text += part.text;
          const { offset, text: words } = part;
          this.#realtime.delta(chat.id, { responseId, participantId, offset, text: words }, text);
          if (performance.now() - keptAt < keepPartialEvery) continue;
          keptAt = performance.now();
          await this.#log.saveNote(run.noteKey, text);
        } else {
          // The server is stopping, and nobody asked for that: it is to be seen, and can be tried again.
          const cutOff = part.status === 'stopped' && !stopping.signal.aborted;
          await run.end(cutOff ? { ...part, status: 'failed', ...interrupted } : part);
        }
      }
    } finally {
      this.#running.delete(responseId);
    }
  }

  /** The conversation before a message that is to be replaced, when it is no longer in the state. */
  async #earlier(chat: Chat, { replaces }: AIReply): Promise<Chat['messages'] | undefined> {
    if (replaces === undefined || chat.messages.some(({ id }) => id === replaces)) return undefined;
    const [replaced] = await this.#sessions.messages(chat.id, [replaces]);
    return replaced && this.#sessions.messagesBefore(chat.id, replaced.sequence, chat.messages.length);
  }
}

function modelOf(chat: Chat, participantId: string): { model?: string } {
  const model = joined(chat, participantId)?.ai?.model;
  return model === undefined ? {} : { model };
}

/** The commands that one reply gives. All are harmless when given twice or too late. */
class Run {
  readonly noteKey: string;
  readonly #orchestrator: EventDrivenOrchestrator;
  readonly #chatId: string;
  readonly #reply: AIReply;
  readonly #causationId: string;

  constructor(orchestrator: EventDrivenOrchestrator, chat: Chat, reply: AIReply, causationId: string) {
    this.#orchestrator = orchestrator;
    this.#chatId = chat.id;
    this.#reply = reply;
    this.#causationId = causationId;
    this.noteKey = `reply:${reply.responseId}`;
  }

  /** False when the reply is no longer wanted. */
  start(model: string): Promise<boolean> {
    return this.#give({ type: 'ai_response.start', responseId: this.#reply.responseId, model });
  }

  async end(ended: Omit<Ended, 'type' | 'model'> & { model?: string }): Promise<void> {
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

  async #give(command: Parameters<EventDrivenOrchestrator['execute']>[0]['command']): Promise<boolean> {
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
