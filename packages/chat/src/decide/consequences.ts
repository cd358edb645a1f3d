import { type Chat, isActivePerson, type Turn } from '../chat.ts';
import type { ChatEvent, NewChatEvent } from '../envelope.ts';
import { evolve } from '../evolve.ts';
import { answersRound, replyReason } from '../replies.ts';
import { advance, firstTurn, settleTurn, turnPolicies, withDeadline } from '../turns.ts';
import type { DecisionContext } from './context.ts';
import { turnChanged } from './turns.ts';

/**
 * What follows from a command's own facts by the chat's rules: the turn moves on, AI participants are asked,
 * replies of those who went are stopped, the conversation is complete. Returns the facts with their consequences.
 */
export function withConsequences(
  chat: Chat,
  facts: NewChatEvent[],
  context: DecisionContext,
): NewChatEvent[] {
  const draft = new Draft(chat, context);
  for (const fact of facts) draft.add(fact);
  for (const fact of facts) followTurn(draft, chat, fact);
  settle(draft);
  for (const fact of facts) askAIs(draft, chat, fact);
  stopGoneAIs(draft);
  reachCompletion(draft);
  return draft.events;
}

/** The events so far, and the state as it will be with them. */
class Draft {
  readonly events: NewChatEvent[] = [];
  readonly at: string;
  chat: Chat;
  readonly #context: DecisionContext;

  constructor(chat: Chat, context: DecisionContext) {
    this.chat = chat;
    this.at = context.at;
    this.#context = context;
  }

  add(fact: NewChatEvent): void {
    this.events.push(fact);
    // Position and id come with storing; the state does not depend on them.
    this.chat = evolve(this.chat, {
      ...fact,
      id: '',
      version: 1,
      chatId: this.chat.id,
      sequence: this.chat.sequence + 1,
      position: 0,
      time: this.at,
      actor: this.#context.actor,
      correlationId: '',
    } as ChatEvent);
  }

  changeTurn(turn: Turn): void {
    const completedRound = turn.mode === 'rounds' && turn.round > this.chat.turn.round;
    this.add(turnChanged(turn));
    if (completedRound) askForRound(this);
  }
}

function followTurn(draft: Draft, before: Chat, fact: NewChatEvent): void {
  const { rotates } = turnPolicies[draft.chat.turn.mode];
  switch (fact.type) {
    case 'message.sent':
      if (rotates && fact.data.author === before.turn.holder) draft.changeTurn(advance(draft.chat, draft.at));
      return;
    case 'turn.changed':
      if (draft.chat.turn.mode === 'rounds' && fact.data.round > before.turn.round) askForRound(draft);
      return;
    case 'turn.mode_changed':
      draft.changeTurn(firstTurn(draft.chat, draft.at));
      return;
    case 'ai_response.completed':
    case 'ai_response.failed':
    case 'ai_response.stopped':
      // The AI spoke in between: the next person's time begins now.
      if (draft.chat.aiReplies.length === 0) restartTime(draft);
      return;
    case 'chat.restored':
      restartTime(draft);
      return;
    case 'settings.changed':
      if (rotates && fact.data.changes.turnSeconds !== undefined) {
        draft.changeTurn(withDeadline(draft.chat, draft.chat.turn, draft.at));
      }
      return;
    default:
  }
}

/** Time in which nobody could use the turn does not count. */
function restartTime(draft: Draft): void {
  const { turn } = draft.chat;
  if (turn.expiresAt !== null) draft.changeTurn(withDeadline(draft.chat, turn, draft.at));
}

function settle(draft: Draft): void {
  const turn = settleTurn(draft.chat, draft.at);
  if (turn !== draft.chat.turn) draft.changeTurn(turn);
}

function askAIs(draft: Draft, before: Chat, fact: NewChatEvent): void {
  if (fact.type === 'message.sent') {
    const message = draft.chat.messages.find(({ id }) => id === fact.data.messageId);
    if (message === undefined) return;
    for (const ai of draft.chat.participants) {
      const reason = replyReason(draft.chat, ai, message, draft.at);
      if (reason !== undefined) request(draft, ai.id, reason, message.id);
    }
    return;
  }
  // What was said to an AI while it was answering has waited for it.
  if (fact.type === 'ai_response.completed' || fact.type === 'ai_response.failed') {
    const { responseId, participantId } = fact.data;
    const ended = before.aiReplies.find((reply) => reply.responseId === responseId);
    const ai = draft.chat.participants.find(({ id }) => id === participantId);
    if (ended === undefined || ai === undefined) return;
    const waiting = draft.chat.messages.filter(
      (message) => message.sequence > ended.requestedAt && message.deletedAt === undefined,
    );
    for (const message of waiting.reverse()) {
      const reason = replyReason(draft.chat, ai, message, draft.at);
      if (reason === undefined) continue;
      request(draft, ai.id, reason, message.id);
      return;
    }
  }
}

function askForRound(draft: Draft): void {
  const last = draft.chat.messages.findLast((message) => message.deletedAt === undefined);
  if (last === undefined) return;
  for (const ai of draft.chat.participants) {
    const said = (draft.chat.aiActivity[ai.id]?.messagesSince ?? 0) > 0;
    if (said && answersRound(draft.chat, ai)) request(draft, ai.id, 'round_end', last.id);
  }
}

function request(draft: Draft, participantId: string, reason: string, triggeredBy: string): void {
  if (draft.chat.aiReplies.some((reply) => reply.participantId === participantId)) return;
  // The same message is answered by the same AI under the same id, whoever decides.
  const responseId = `${triggeredBy}.${participantId}`;
  draft.add({ type: 'ai_response.requested', data: { responseId, participantId, reason, triggeredBy } });
}

function stopGoneAIs(draft: Draft): void {
  for (const { responseId, participantId } of draft.chat.aiReplies) {
    const ai = draft.chat.participants.find(({ id }) => id === participantId);
    const gone = ai?.status !== 'joined' || ai.muted || draft.chat.status === 'archived';
    if (gone) {
      const stopped = {
        type: 'ai_response.stopped' as const,
        data: { responseId, participantId, by: participantId },
      };
      draft.add(stopped);
      followTurn(draft, draft.chat, stopped);
    }
  }
}

function reachCompletion(draft: Draft): void {
  const { completion, participants } = draft.chat;
  if (completion.reachedAt !== null || completion.marked.length === 0) return;
  const people = participants.filter(isActivePerson);
  if (people.length > 0 && people.every(({ id }) => completion.marked.includes(id))) {
    draft.add({ type: 'completion.reached', data: { participants: people.map(({ id }) => id) } });
  }
}
