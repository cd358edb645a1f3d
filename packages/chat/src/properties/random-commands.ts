import fc from 'fast-check';
import type { Chat } from '../chat.ts';
import type { ChatCommand, CommandType } from '../commands.ts';
import type { Actor } from '../envelope.ts';
import type { Role } from '../fields.ts';
import { defaultSettings } from '../settings.ts';
import { parley, uuidFor } from '../testing.ts';

/**
 * One random step. It holds dice and no ids: what they mean is found by the state in which the step is taken,
 * so that most steps are about people, messages and replies that are there, and sequences get deep.
 */
export interface Step {
  type: CommandType;
  /** Who acts: mostly somebody to whom it matters. */
  actor: number;
  /** Whom or what it is about. */
  target: number;
  /** What it says about them. */
  value: number;
  /** Seconds that pass before it. */
  pause: number;
}

/** How often each command is tried, in relation to the others. */
const weights: { [T in CommandType]: number } = {
  'chat.create': 1,
  'chat.update': 1,
  'chat.archive': 1,
  'chat.restore': 3,
  'participant.invite': 3,
  'participant.revoke_invite': 1,
  'participant.join': 6,
  'participant.add': 4,
  'participant.update': 2,
  'participant.leave': 3,
  'participant.remove': 2,
  'participant.change_role': 4,
  'participant.mute': 4,
  'message.send': 40,
  'message.edit': 3,
  'message.delete': 3,
  'message.read': 3,
  'reaction.add': 4,
  'reaction.remove': 3,
  'turn.skip': 6,
  'turn.grant': 4,
  'turn.reset': 2,
  'turn.expire': 6,
  'ai_response.request': 4,
  'ai_response.regenerate': 4,
  'ai_response.start': 8,
  'ai_response.fail': 5,
  'ai_response.stop': 4,
  'completion.mark': 6,
  'completion.withdraw': 3,
  'settings.change': 6,
};

const dice = fc.integer({ min: 0, max: 2 ** 20 });

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.oneof(
    ...Object.entries(weights).map(([type, weight]) => ({
      weight,
      arbitrary: fc.constant(type as CommandType),
    })),
  ),
  actor: dice,
  target: dice,
  value: dice,
  pause: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 5 }) },
    { weight: 2, arbitrary: fc.constant(90) },
  ),
});

export const steps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 1, maxLength: 80, size: 'max' });

const people = ['ada', 'ben', 'cy', 'dan'];
const ais = ['helper', 'critic'];
const roles: Role[] = ['host', 'member', 'guest', 'observer'];
const invites = [uuidFor(601), uuidFor(602)];
const texts = ['Hello', 'Why?', '@helper your turn', '@critic and you?', ' '];
const expiry = ['2026-01-01T00:05:00.000Z', '2026-12-01T00:00:00.000Z'];

/** Who takes this step: the turn's holder, somebody in the chat, an AI, Parley itself, or anybody. */
export function actorOf(chat: Chat, { type, actor }: Step): Actor {
  const byAI = type === 'ai_response.start' || type === 'ai_response.fail';
  const roll = actor % 10;
  if (type === 'turn.expire' ? roll > 0 : roll === 0) return parley;
  const writing = chat.aiReplies[actor % Math.max(1, chat.aiReplies.length)];
  if (writing && (byAI ? roll > 1 : type === 'message.send' && roll > 5))
    return { id: writing.participantId, kind: 'ai' };
  if (chat.turn.holder !== null && roll < 5) return { id: chat.turn.holder, kind: 'person' };
  if (roll < 8) return { id: chat.createdBy || 'ada', kind: 'person' };
  const id = pick([...people, ...ais], actor);
  return { id, kind: ais.includes(id) ? 'ai' : 'person' };
}

/** The command of a step; `fresh` numbers new messages and replies. */
export function commandOf(chat: Chat, step: Step, actor: Actor, fresh: number): ChatCommand {
  const { type, target, value } = step;
  const someone = pick([...people, ...ais], target);
  const messageId = pick([...chat.messages.map(({ id }) => id), uuidFor(999_999)], target);
  const responseId = pick([...chat.aiReplies.map((reply) => reply.responseId), 'unknown'], target);
  const inviteId = pick(invites, target);
  switch (type) {
    case 'chat.create':
      return { type, title: 'Again', name: 'Ada', settings: defaultSettings, participants: [] };
    case 'chat.update':
      return { type, title: pick(['Summer', 'Winter'], value) };
    case 'participant.invite':
      return {
        type,
        inviteId,
        role: pick(roles, value),
        expiresAt: pick(expiry, value),
        maxUses: pick([null, 1, 2], value),
      };
    case 'participant.revoke_invite':
      return { type, inviteId };
    case 'participant.join':
      return { type, inviteId, name: pick(['Someone', 'Somebody'], value) };
    case 'participant.add': {
      const base = { id: someone, name: `Name of ${someone}`, role: pick(roles, value) };
      const ai = { policy: pick(['always', 'mentioned', 'question', 'every_n'] as const, value), every: 2 };
      return ais.includes(someone)
        ? { type, participant: { ...base, kind: 'ai', ai } }
        : { type, participant: { ...base, kind: 'person' } };
    }
    case 'participant.update':
      return value % 2 === 0
        ? { type, participantId: someone, name: 'Renamed' }
        : { type, participantId: someone, ai: { policy: 'round_end', every: 3 } };
    case 'participant.remove':
    case 'turn.grant':
      return { type, participantId: someone };
    case 'turn.expire':
      return { type, participantId: chat.turn.holder ?? someone };
    case 'participant.change_role':
      return { type, participantId: someone, role: pick(roles, value) };
    case 'participant.mute':
      return { type, participantId: someone, muted: value % 3 === 0 };
    case 'message.send':
      return send(chat, step, actor, fresh, messageId);
    case 'message.edit':
      return { type, messageId, text: pick(texts, value) };
    case 'message.delete':
      return { type, messageId };
    case 'message.read':
      return { type, sequence: value % (chat.sequence + 2) };
    case 'reaction.add':
    case 'reaction.remove':
      return { type, messageId, emoji: pick(['👍', '🎉'], value) };
    case 'ai_response.request':
      return {
        type,
        responseId: value % 2 === 0 ? responseId : `asked-${fresh}`,
        participantId: pick(ais, target),
      };
    case 'ai_response.regenerate':
      return { type, responseId: `again-${fresh}`, messageId: lastReply(chat, target) ?? messageId };
    case 'ai_response.start':
      return { type, responseId, model: 'builtin/facilitator' };
    case 'ai_response.fail':
      return { type, responseId, code: 'ai.unavailable', message: 'It failed.', retryable: value % 2 === 0 };
    case 'ai_response.stop':
      return { type, responseId };
    case 'settings.change':
      return { type, changes: changes(value) };
    default:
      return { type };
  }
}

function send(chat: Chat, { target, value }: Step, actor: Actor, fresh: number, known: string): ChatCommand {
  const reply = chat.aiReplies.find(({ participantId }) => participantId === actor.id);
  const status = pick(['completed', 'failed', 'stopped'] as const, value);
  return {
    type: 'message.send',
    messageId: value % 20 === 0 ? known : uuidFor(1000 + fresh),
    text: pick(texts, target),
    ...(value % 7 === 0 ? { replyTo: known } : {}),
    ...(reply === undefined ? {} : { response: { responseId: reply.responseId, status } }),
    ...(reply?.replaces === undefined ? {} : { replaces: reply.replaces }),
  };
}

function lastReply(chat: Chat, dice: number): string | undefined {
  return dice % 5 === 0 ? undefined : chat.messages.findLast(({ response }) => response !== undefined)?.id;
}

function changes(value: number) {
  const turnMode = pick(['flexible', 'strict', 'moderated', 'rounds'] as const, value);
  return pick(
    [
      { turnMode },
      { turnSeconds: pick([null, 5, 60], value) },
      { turnMode, turnSeconds: pick([null, 30], value) },
      { messagesPerMinute: pick([1, 2, 5], value), aiHops: pick([0, 1, 3], value) },
      { aiCooldownSeconds: pick([0, 10], value) },
    ],
    value >> 3,
  );
}

function pick<T>(choices: readonly T[], dice: number): T {
  return choices[dice % choices.length] as T;
}
