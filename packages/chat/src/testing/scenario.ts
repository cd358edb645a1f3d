import type { Chat, Message } from '../chat.ts';
import { emptyChat, findParticipant } from '../chat.ts';
import type { ChatCommand } from '../commands.ts';
import { decide } from '../decide.ts';
import type { Actor, ChatEvent, NewChatEvent } from '../envelope.ts';
import { evolve } from '../evolve.ts';
import type { AISettings, Role } from '../fields.ts';
import { defaultSettings, type Settings } from '../settings.ts';

/** When every scenario begins; each step of it takes one second. */
export const scenarioStart = '2026-01-01T00:00:00.000Z';

/** Parley itself as an actor: timers and recovery. */
export const parley: Actor = { id: 'parley', kind: 'system' };

/** A valid UUID that is the same in every run: `uuidFor(7)` ends in `7`. */
export function uuidFor(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** Where facts are put when they become stored events. */
export interface StampOptions {
  chatId: string;
  /** Sequence of the event before the first one; 0 for a new chat. */
  after: number;
  /** When they happened, ISO 8601 in UTC. */
  at: string;
  actor: Actor;
}

/** Makes stored events of facts, as the event log would. Positions equal sequences: there is one chat only. */
export function stamp(
  facts: readonly NewChatEvent[],
  { chatId, after, at, actor }: StampOptions,
): ChatEvent[] {
  return facts.map((fact, index) => {
    const sequence = after + index + 1;
    const event = {
      ...fact,
      id: uuidFor(900_000 + sequence),
      version: 1,
      chatId,
      sequence,
      position: sequence,
      time: at,
      actor,
      correlationId: uuidFor(800_000 + after + 1),
    };
    // The type and the data of one fact belong together; the compiler loses sight of it in the spread.
    return event as ChatEvent;
  });
}

/**
 * A chat in the middle of its life, told step by step: `openChat({ people: ['ada', 'ben'] }).says('ada', 'Hello')`.
 * Every step returns a new scenario, so that many tests can go on from the same one.
 */
export class Scenario {
  readonly events: readonly ChatEvent[];
  readonly chat: Chat;
  /** The moment of the next step, ISO 8601 in UTC. */
  readonly at: string;

  private constructor(chat: Chat, events: readonly ChatEvent[], at: string) {
    this.chat = chat;
    this.events = events;
    this.at = at;
  }

  /** A scenario in which nothing has happened: the chat does not exist yet. */
  static nothing(chatId: string = uuidFor(0)): Scenario {
    return new Scenario(emptyChat(chatId, defaultSettings), [], scenarioStart);
  }

  /** Somebody gives a command, and the rules decide. `actor` is a participant's or an outsider's id, or `parley`. */
  by(actor: string | Actor, command: ChatCommand, options: { older?: readonly Message[] } = {}): Scenario {
    const who = this.actor(actor);
    return this.#append(decide(this.chat, command, { actor: who, at: this.at, ...options }), who);
  }

  /** Facts that are simply true, whether or not the rules would have made them. */
  happened(...facts: NewChatEvent[]): Scenario {
    return this.#append(facts, parley);
  }

  /** Time passes. */
  after(seconds: number): Scenario {
    return this.until(later(this.at, seconds));
  }

  /** It is now `at`, ISO 8601 in UTC. */
  until(at: string): Scenario {
    return new Scenario(this.chat, this.events, at);
  }

  /** Somebody sends a message; its id is `uuidFor` of the sequence that it gets, unless one is given. */
  says(author: string, text: string, options: { id?: string; replyTo?: string } = {}): Scenario {
    const { id = uuidFor(this.chat.sequence + 1), ...rest } = options;
    return this.by(author, { type: 'message.send', messageId: id, text, ...rest });
  }

  /** An AI participant completes the reply that it was asked for. Throws when it was not asked. */
  answers(aiId: string, text = 'I see.'): Scenario {
    const reply = this.chat.aiReplies.find(({ participantId }) => participantId === aiId);
    if (reply === undefined) throw new Error(`${aiId} was not asked to answer`);
    const { responseId, reason, replaces } = reply;
    return this.by(aiId, {
      type: 'message.send',
      messageId: uuidFor(this.chat.sequence + 1),
      text,
      response: { responseId, status: 'completed', reason },
      ...(replaces === undefined ? {} : { replaces }),
    });
  }

  /** The id of the latest message. Throws when there is none. */
  get lastMessageId(): string {
    const message = this.chat.messages.at(-1);
    if (message === undefined) throw new Error('nothing has been said yet');
    return message.id;
  }

  /** Who acts under this id: a participant as what they are, `parley` as the system, anybody else as a person. */
  actor(actor: string | Actor): Actor {
    if (typeof actor !== 'string') return actor;
    if (actor === parley.id) return parley;
    return { id: actor, kind: findParticipant(this.chat, actor)?.kind ?? 'person' };
  }

  #append(facts: readonly NewChatEvent[], actor: Actor): Scenario {
    const { id: chatId, sequence: after } = this.chat;
    const events = stamp(facts, { chatId, after, at: this.at, actor });
    return new Scenario(events.reduce(evolve, this.chat), [...this.events, ...events], later(this.at, 1));
  }
}

/** Who is in a chat when a scenario opens; a bare id is a member, the first person is the host. */
export interface OpenChatOptions {
  title?: string;
  people?: readonly (string | { id: string; name?: string; role: Role })[];
  ais?: readonly (string | ({ id: string; name?: string } & Partial<AISettings>))[];
  settings?: Partial<Settings>;
}

/** A new chat with these people and AI participants. Names are the ids with a capital letter. */
export function openChat(options: OpenChatOptions = {}): Scenario {
  const { title = 'A chat', people = ['ada'], ais = [], settings = {} } = options;
  const [host = 'ada', ...others] = people;
  const creator = typeof host === 'string' ? { id: host, name: undefined } : host;
  return Scenario.nothing().by(creator.id, {
    type: 'chat.create',
    title,
    name: creator.name ?? capitalized(creator.id),
    settings: { ...defaultSettings, ...settings },
    participants: [
      ...others.map((person) => {
        const { id, name, role } =
          typeof person === 'string' ? { id: person, name: undefined, role: 'member' as const } : person;
        return { id, kind: 'person' as const, name: name ?? capitalized(id), role };
      }),
      ...ais.map((ai) => {
        const { id, name, ...rest } = typeof ai === 'string' ? { id: ai, name: undefined } : ai;
        return {
          id,
          kind: 'ai' as const,
          name: name ?? capitalized(id),
          role: 'member' as const,
          ai: { policy: 'always' as const, every: 5, ...rest },
        };
      }),
    ],
  });
}

const capitalized = (id: string) => id.charAt(0).toUpperCase() + id.slice(1);
const later = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString();
