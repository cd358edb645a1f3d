import { type AIReply, type Chat, type ChatEvent, joined } from '@parley/chat';
import type { HandlerContext } from '@parley/event-bus';
import type { EventLog } from '@parley/event-log';
import type { AIResponseService } from '../ai/ai-response-service.ts';
import { buildReplyContext } from '../ai/reply-context.ts';
import type { RealtimeEventService } from '../delivery/realtime-event-service.ts';
import type { EventDrivenOrchestrator } from '../orchestrator/orchestrator.ts';
import type { ChatSessionStateManager } from '../session-state/session-state-manager.ts';
import { ReplyCommands } from './reply-commands.ts';

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
    const commands = new ReplyCommands({
      orchestrator: this.#orchestrator,
      chatId: chat.id,
      reply,
      causationId: event.id,
    });
    if (reply.status === 'started') {
      const kept = await this.#log.loadNote(noteKey(reply));
      await commands.end({ text: typeof kept === 'string' ? kept : '', status: 'failed', ...interrupted });
    } else {
      await this.#write(commands, chat, reply, signal);
    }
    this.#realtime.endReply(event.chatId, reply.responseId);
    await this.#log.deleteNote(noteKey(reply));
  }

  /** Ends a reply that is being written; its words so far are kept as a message. */
  stop({ data }: ChatEvent<'ai_response.stopped'>): void {
    this.#running.get(data.responseId)?.abort();
  }

  async #write(commands: ReplyCommands, chat: Chat, reply: AIReply, closing: AbortSignal): Promise<void> {
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
          if (!(await commands.start(part.model))) stopping.abort();
        } else if (part.type === 'delta') {
          text += part.text;
          const { offset, text: words } = part;
          this.#realtime.delta(chat.id, { responseId, participantId, offset, text: words }, text);
          if (performance.now() - keptAt < keepPartialEvery) continue;
          keptAt = performance.now();
          await this.#log.saveNote(noteKey(reply), text);
        } else {
          // The server is stopping, and nobody asked for that: it is to be seen, and can be tried again.
          const cutOff = part.status === 'stopped' && !stopping.signal.aborted;
          await commands.end(cutOff ? { ...part, status: 'failed', ...interrupted } : part);
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

/** Where the words so far are kept, in case the process dies. */
const noteKey = ({ responseId }: AIReply) => `reply:${responseId}`;

function modelOf(chat: Chat, participantId: string): { model?: string } {
  const model = joined(chat, participantId)?.ai?.model;
  return model === undefined ? {} : { model };
}
