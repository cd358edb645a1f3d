import {
  type Actor,
  type Chat,
  type ChatCommand,
  type ChatEvent,
  type DecisionContext,
  decide,
  listRefusals,
  type NewChatEvent,
  Refusal,
  type RefusalCode,
  referencedMessages,
} from '@parley/chat';
import type { EventBus } from '@parley/event-bus';
import type { EventLog } from '@parley/event-log';
import { v7 as uuidv7 } from 'uuid';
import type { ChatSessionStateManager } from '../session-state/session-state-manager.ts';
import { type CommittedEvent, type EventOrigin, fromLog, toLog } from './chat-events.ts';
import { ChatQueue } from './chat-queue.ts';
import { type GuardedCommand, withAmendments } from './guarded-command.ts';
import { asRefusal } from './storage-refusals.ts';

/** What enters the conversation flow. */
export interface Execution {
  chatId: string;
  command: ChatCommand;
  actor: Actor;
  /** The request that it belongs to; made when absent. */
  correlationId?: string | undefined;
  /** The event that made Parley give this command. */
  causationId?: string | undefined;
}

/** What became of a command: durable when it is answered. */
export interface Executed {
  /** Sequence of the last event that it made; the chat's present one when it changed nothing. */
  sequence: number;
  /** Position of that event in the log; 0 when it changed nothing. */
  position: number;
  /** What it made, in order; of a message that was sent before, its `message.sent`. */
  events: ChatEvent[];
  /** True for the retry of a message that is in the chat already. */
  repeated: boolean;
}

/** What the rules make of a command, in which state and at which moment. */
interface Decided {
  chat: Chat;
  at: string;
  facts: NewChatEvent[];
}

export type ChatBus = EventBus<GuardedCommand, CommittedEvent>;

const maxConflicts = 8;

/**
 * The conversation flow: one command in; asked, decided, stored; its events out to the bus.
 * Nothing else makes events.
 */
export class EventDrivenOrchestrator {
  readonly #log: EventLog;
  readonly #bus: ChatBus;
  readonly #sessions: ChatSessionStateManager;
  readonly #queue = new ChatQueue();
  readonly #now: () => string;

  constructor(parts: {
    log: EventLog;
    bus: ChatBus;
    sessions: ChatSessionStateManager;
    /** The clock: ISO 8601 in UTC. */
    now?: () => string;
  }) {
    this.#log = parts.log;
    this.#bus = parts.bus;
    this.#sessions = parts.sessions;
    this.#now = parts.now ?? (() => new Date().toISOString());
  }

  /**
   * Takes one command through the whole flow. What it answers is durable.
   * @throws {Refusal} when the rules, a `before` handler or the store say no. Nothing has changed then.
   */
  async execute(execution: Execution): Promise<Executed> {
    try {
      return (await this.#alreadySent(execution, 'window')) ?? (await this.#run(execution));
    } catch (error) {
      // A retry must get its first answer even where the chat has gone on and would refuse it now.
      if (Refusal.is(error)) {
        const repeated = await this.#alreadySent(execution, 'log');
        if (repeated !== undefined) return repeated;
      }
      throw asRefusal(error);
    }
  }

  async #run(execution: Execution): Promise<Executed> {
    const { chatId, actor } = execution;
    // What the rules forbid is refused before any handler sees it.
    const first = await this.#decide(execution.command, execution);
    const asked = await this.#bus.ask({ ...execution.command, chatId, actor });
    if (!asked.allowed) throw refusalOf(asked);
    const command = withAmendments(execution.command, asked.command);
    return this.#queue.run(chatId, () => this.#store(command, execution, first));
  }

  async #store(command: ChatCommand, execution: Execution, first: Decided): Promise<Executed> {
    const { chatId, actor, causationId } = execution;
    const origin: EventOrigin = {
      actor,
      correlationId: execution.correlationId ?? uuidv7(),
      causationId,
      amended: command !== execution.command,
    };
    const key = command.type === 'message.send' ? command.messageId : undefined;
    for (let attempt = 0; attempt < maxConflicts; attempt++) {
      // Where nothing has changed since it was asked first, the answer is the same.
      const same = command === execution.command && this.#sessions.peek(chatId) === first.chat;
      const { chat, at, facts } = same ? first : await this.#decide(command, execution);
      if (facts.length === 0) return { sequence: chat.sequence, position: 0, events: [], repeated: false };
      const result = await this.#log.append({
        stream: chatId,
        events: facts.map((fact) => toLog(fact, at, origin)),
        expected: chat.sequence,
        key,
      });
      if (result.status === 'appended') {
        const { sequence, position } = result;
        return { sequence, position, events: result.events.map(fromLog), repeated: false };
      }
      if (result.status === 'duplicate') throw new Refusal('message.id_taken');
      this.#sessions.forget(chatId);
    }
    throw new Refusal('server.overloaded');
  }

  async #decide(command: ChatCommand, { chatId, actor }: Execution): Promise<Decided> {
    const chat = await this.#sessions.load(chatId);
    const missing = referencedMessages(command).filter(
      (id) => !chat.messages.some((message) => message.id === id),
    );
    const at = this.#now();
    const context: DecisionContext = { actor, at, older: await this.#sessions.messages(chatId, missing) };
    return { chat, at, facts: decide(chat, command, context) };
  }

  /** The first answer to a message that was sent before by the same sender with the same words. */
  async #alreadySent(execution: Execution, where: 'window' | 'log'): Promise<Executed | undefined> {
    const { chatId, command, actor } = execution;
    if (command.type !== 'message.send') return undefined;
    if (where === 'window') {
      const { messages } = await this.#sessions.load(chatId);
      if (!messages.some(({ id }) => id === command.messageId)) return undefined;
    }
    const [stored] = await this.#log.readSubjects(chatId, [command.messageId]);
    if (stored === undefined) return undefined;
    const event = fromLog(stored);
    if (event.type !== 'message.sent' || event.data.author !== actor.id) return undefined;
    if (event.data.text !== command.text && stored.meta.amended !== true) return undefined;
    return { sequence: event.sequence, position: event.position, events: [event], repeated: true };
  }
}

const knownCodes = new Set<string>(listRefusals().map(({ code }) => code));

function refusalOf({ code, reason, by }: { code: string; reason: string; by: string }): Refusal {
  if (knownCodes.has(code)) return new Refusal(code as RefusalCode, { sentence: reason });
  return new Refusal('request.extension_refused', { sentence: reason, details: { extension: by, code } });
}
