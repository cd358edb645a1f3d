import { type Chat, joined, type Participant } from './chat.ts';
import type { Actor } from './envelope.ts';
import type { Role } from './fields.ts';
import { Refusal } from './refusals.ts';
import { turnPolicies } from './turns.ts';

/** What a role may do in a chat. Whatever is not listed is nobody's. */
const allowed = {
  read: ['host', 'member', 'guest', 'observer'],
  write: ['host', 'member', 'guest'],
  react: ['host', 'member', 'guest'],
  complete: ['host', 'member', 'guest'],
  askAI: ['host', 'member', 'guest'],
  stopAI: ['host', 'member', 'guest'],
  inviteGuests: ['host', 'member'],
  invite: ['host'],
  moderate: ['host'],
  steerTurns: ['host'],
  configure: ['host'],
  archive: ['host'],
} as const satisfies Record<string, readonly Role[]>;

export type Ability = keyof typeof allowed;

export function roleMay(role: Role, ability: Ability): boolean {
  return (allowed[ability] as readonly Role[]).includes(role);
}

/**
 * The participant behind an actor, if they are in the chat and their role allows it.
 * @throws {Refusal} `chat.not_found` for outsiders, so that they cannot tell a chat exists;
 *   `participant.observer` or `participant.not_allowed` for insiders.
 */
export function requireAbility(chat: Chat, actor: Actor, ability: Ability): Participant {
  const participant = joined(chat, actor.id);
  if (participant === undefined || chat.sequence === 0) throw new Refusal('chat.not_found');
  if (roleMay(participant.role, ability)) return participant;
  throw new Refusal(participant.role === 'observer' ? 'participant.observer' : 'participant.not_allowed');
}

/** @throws {Refusal} `chat.archived` */
export function requireOpen(chat: Chat): void {
  if (chat.status === 'archived') throw new Refusal('chat.archived');
}

/** Whether somebody may send a message now, and if not, why. */
export type ComposerState =
  | { open: true }
  | { open: false; code: string; reason: string; details?: Readonly<Record<string, unknown>> };

/**
 * Every rule about who may send a message now, in the order in which they are told.
 * @throws {Refusal}
 */
export function requireMaySend(chat: Chat, actor: Actor, at: string): Participant {
  const participant = requireAbility(chat, actor, 'write');
  requireOpen(chat);
  if (participant.muted) throw new Refusal('participant.muted');
  if (participant.kind === 'person') turnPolicies[chat.turn.mode].checkSend(chat, participant, at);
  return participant;
}

/** What a participant may do now; the page shows its buttons by it. */
export interface Abilities {
  composer: ComposerState;
  react: boolean;
  complete: boolean;
  askAI: boolean;
  stopAI: boolean;
  skipTurn: boolean;
  steerTurns: boolean;
  inviteGuests: boolean;
  invite: boolean;
  moderate: boolean;
  configure: boolean;
  archive: boolean;
}

export function abilities(chat: Chat, participant: Participant, at: string): Abilities {
  const open = chat.status === 'open';
  const may = (ability: Ability) => open && roleMay(participant.role, ability);
  const rotates = turnPolicies[chat.turn.mode].rotates;
  return {
    composer: composer(chat, participant, at),
    react: may('react'),
    complete: may('complete'),
    askAI: may('askAI'),
    stopAI: may('stopAI'),
    skipTurn: rotates && open && (chat.turn.holder === participant.id || may('steerTurns')),
    steerTurns: rotates && may('steerTurns'),
    inviteGuests: may('inviteGuests'),
    invite: may('invite'),
    moderate: may('moderate'),
    configure: may('configure'),
    archive: roleMay(participant.role, 'archive'),
  };
}

function composer(chat: Chat, participant: Participant, at: string): ComposerState {
  try {
    requireMaySend(chat, participant, at);
    return { open: true };
  } catch (error) {
    if (!Refusal.is(error)) throw error;
    const details = error.details === undefined ? {} : { details: error.details };
    return { open: false, code: error.code, reason: error.message, ...details };
  }
}
