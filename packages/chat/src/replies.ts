import { type Chat, isActivePerson, type Message, type Participant } from './chat.ts';
import { roleMay } from './permissions.ts';
import { turnPolicies } from './turns.ts';

/** Why an AI participant is to answer a message; recorded with the reply and shown to people. */
export type ReplyReason =
  | 'always'
  | 'mentioned'
  | 'question'
  | 'every_n'
  | 'after_message'
  | 'round_end'
  | 'asked'
  | 'regenerate';

/** Does this message address the participant by `@name`, by a reply to it, or by being alone with it? */
function isAddressed(chat: Chat, ai: Participant, message: Message): boolean {
  const [firstName = ''] = ai.name.split(/[\s(]/);
  if (mentions(message.text, ai.name) || mentions(message.text, firstName)) return true;
  return chat.messages.some((earlier) => earlier.id === message.replyTo && earlier.author === ai.id);
}

/**
 * Whether an AI participant answers a message of itself, and why. `chat` is the state with the message in it.
 * Deterministic, so that a reply never depends on which node asked.
 */
export function replyReason(
  chat: Chat,
  ai: Participant,
  message: Message,
  at: string,
): ReplyReason | undefined {
  if (!canAnswer(chat, ai) || ai.id === message.author) return;
  const author = chat.participants.find((participant) => participant.id === message.author);
  if (author?.kind === 'ai') return hopReason(chat, ai, message);
  if (author?.kind !== 'person') return;

  const { aiAnswers } = turnPolicies[chat.turn.mode];
  if (aiAnswers === 'round_end') return;
  const addressed = isAddressed(chat, ai, message);
  if (addressed) return 'mentioned';
  if (ai.ai?.policy === 'never' || coolingDown(chat, ai, at)) return;
  if (aiAnswers === 'after_message') return 'after_message';
  return ownPolicyReason(chat, ai, message);
}

/** Whether an AI participant answers a completed round. */
export function answersRound(chat: Chat, ai: Participant): boolean {
  return canAnswer(chat, ai) && ai.ai?.policy !== 'never';
}

/** An AI participant whose message would be taken: a reply that could not be sent is not asked for. */
export function canAnswer(chat: Chat, ai: Participant): boolean {
  const speaks = ai.kind === 'ai' && ai.status === 'joined' && !ai.muted && roleMay(ai.role, 'write');
  return speaks && chat.status === 'open';
}

function ownPolicyReason(chat: Chat, ai: Participant, message: Message): ReplyReason | undefined {
  switch (ai.ai?.policy) {
    case 'always':
      return 'always';
    case 'question':
      return /[?？؟]/.test(message.text) ? 'question' : undefined;
    case 'every_n':
      return (chat.aiActivity[ai.id]?.messagesSince ?? 0) >= (ai.ai.every ?? 5) ? 'every_n' : undefined;
    case 'mentioned':
      // Alone with it, whatever is said is said to it.
      return chat.participants.filter(isActivePerson).length === 1 ? 'mentioned' : undefined;
    default:
      return undefined;
  }
}

function hopReason(chat: Chat, ai: Participant, message: Message): ReplyReason | undefined {
  if (chat.turn.mode !== 'flexible' || chat.aiHops >= chat.settings.aiHops) return;
  return isAddressed(chat, ai, message) ? 'mentioned' : undefined;
}

function coolingDown(chat: Chat, ai: Participant, at: string): boolean {
  const last = chat.aiActivity[ai.id]?.lastReplyAt;
  if (last === null || last === undefined) return false;
  return Date.parse(at) - Date.parse(last) < chat.settings.aiCooldownSeconds * 1000;
}

function mentions(text: string, name: string): boolean {
  const haystack = text.toLowerCase();
  const needle = `@${name.toLowerCase()}`;
  if (needle === '@') return false;
  // `@ada` is neither in `@adam` nor in `mail@ada.example`.
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
    const [before = '', after = ''] = [haystack[at - 1], haystack[at + needle.length]];
    if (!/[\p{L}\p{N}]/u.test(before + after)) return true;
  }
  return false;
}
