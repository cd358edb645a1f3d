import { type Chat, isActivePerson, type Participant, type Turn } from './chat.ts';
import type { TurnMode } from './fields.ts';
import { Refusal } from './refusals.ts';

/**
 * A turn mode: who may send, who is next, and when AI participants answer.
 * Pure, so that the server decides with it and the page explains with it.
 */
export interface TurnPolicy {
  mode: TurnMode;
  /** What people are told about the mode. */
  summary: string;
  /** Whether somebody holds the turn. */
  rotates: boolean;
  /** Throws the refusal when this person may not send now. Only asked of people who may speak at all. */
  checkSend(chat: Chat, person: Participant, at: string): void;
  /** When AI participants answer of themselves; `by_policy` leaves it to each one's own reply policy. */
  aiAnswers: 'by_policy' | 'after_message' | 'round_end';
}

const holderOnly: TurnPolicy['checkSend'] = (chat, person) => {
  // An AI that is answering stands between two turns; its reply always ends, by time limit if need be.
  if (chat.aiReplies.length > 0) throw new Refusal('turn.ai_answering');
  if (chat.turn.holder !== person.id) {
    throw new Refusal('turn.not_yours', { details: { holder: chat.turn.holder } });
  }
};

export const turnPolicies: Readonly<Record<TurnMode, TurnPolicy>> = {
  flexible: {
    mode: 'flexible',
    summary: 'Anyone may speak at any time.',
    rotates: false,
    aiAnswers: 'by_policy',
    checkSend() {},
  },
  strict: {
    mode: 'strict',
    summary: 'People speak in turn; the AI answers after every message.',
    rotates: true,
    aiAnswers: 'after_message',
    checkSend: holderOnly,
  },
  moderated: {
    mode: 'moderated',
    summary: 'Anyone may speak, a few messages a minute; the AI answers after every message.',
    rotates: false,
    aiAnswers: 'after_message',
    checkSend(chat, person, at) {
      const limit = chat.settings.messagesPerMinute;
      const since = Date.parse(at) - 60_000;
      const recent = person.recentSends.filter((time) => Date.parse(time) > since);
      const oldest = recent.at(-limit);
      if (oldest === undefined) return;
      const retryAt = new Date(Date.parse(oldest) + 60_000).toISOString();
      throw new Refusal('turn.rate_limited', { details: { limit, retryAt } });
    },
  },
  rounds: {
    mode: 'rounds',
    summary: 'Everybody speaks once a round; the AI answers when the round is complete.',
    rotates: true,
    aiAnswers: 'round_end',
    checkSend: holderOnly,
  },
};

/** May this participant hold a turn: a person in the chat who may speak. */
export function isEligible(participant: Participant): boolean {
  return isActivePerson(participant) && !participant.muted;
}

/** The first eligible person behind `from` in joining order, going round; `from` itself last. */
function nextHolder(chat: Chat, from: string | null): string | null {
  const { participants } = chat;
  const start = participants.findIndex((participant) => participant.id === from);
  for (let step = 1; step <= participants.length; step++) {
    const candidate = participants[(start + step) % participants.length];
    if (candidate && isEligible(candidate)) return candidate.id;
  }
  return null;
}

/** The turn after its holder spoke or was passed over. */
export function advance(chat: Chat, at: string): Turn {
  const { turn } = chat;
  const spoken = turn.holder === null ? turn.spoken : [...new Set([...turn.spoken, turn.holder])];
  if (turn.mode !== 'rounds') {
    return withDeadline(chat, { ...turn, spoken: [], holder: nextHolder(chat, turn.holder) }, at);
  }
  return settleRound(chat, { ...turn, spoken }, turn.holder, at);
}

/**
 * The turn as it has to be after people came, went or were muted: it never points at somebody who may not
 * speak, and at nobody only if nobody may. Returns the same object when nothing is to change.
 */
export function settleTurn(chat: Chat, at: string): Turn {
  const { turn } = chat;
  if (!turnPolicies[turn.mode].rotates) {
    return turn.holder === null && turn.expiresAt === null
      ? turn
      : { ...turn, holder: null, spoken: [], expiresAt: null };
  }
  const holder = chat.participants.find((participant) => participant.id === turn.holder);
  if (holder && isEligible(holder) && !(turn.mode === 'rounds' && roundIsComplete(chat, turn))) return turn;
  if (turn.mode === 'rounds') {
    const next = settleRound(chat, turn, turn.holder, at);
    return next.holder === turn.holder && next.round === turn.round ? turn : next;
  }
  const next = nextHolder(chat, turn.holder);
  return next === turn.holder ? turn : withDeadline(chat, { ...turn, holder: next }, at);
}

/** The turn when the order starts anew. */
export function firstTurn(chat: Chat, at: string): Turn {
  const turn: Turn = { ...chat.turn, round: 1, spoken: [], holder: null };
  if (!turnPolicies[turn.mode].rotates) return { ...turn, expiresAt: null };
  return withDeadline(chat, { ...turn, holder: nextHolder(chat, null) }, at);
}

export function withDeadline(chat: Chat, turn: Turn, at: string): Turn {
  const seconds = chat.settings.turnSeconds;
  const runs = seconds !== null && turn.holder !== null;
  return { ...turn, expiresAt: runs ? new Date(Date.parse(at) + seconds * 1000).toISOString() : null };
}

function roundIsComplete(chat: Chat, turn: Turn): boolean {
  const eligible = chat.participants.filter(isEligible);
  return (
    turn.spoken.length > 0 && eligible.length > 0 && eligible.every(({ id }) => turn.spoken.includes(id))
  );
}

function settleRound(chat: Chat, turn: Turn, from: string | null, at: string): Turn {
  if (roundIsComplete(chat, turn)) {
    const next = { ...turn, round: turn.round + 1, spoken: [], holder: nextHolder(chat, null) };
    return withDeadline(chat, next, at);
  }
  const waiting = {
    ...chat,
    participants: chat.participants.map((participant) =>
      turn.spoken.includes(participant.id) ? { ...participant, muted: true } : participant,
    ),
  };
  return withDeadline(chat, { ...turn, holder: nextHolder(waiting, from) }, at);
}
