import { z } from 'zod';
import { type EventDefinition, event, ids, responseId, who } from './event-definition.ts';
import * as field from './fields.ts';
import { defaultSettings } from './settings.ts';

const nothing = z.strictObject({});
const reaction = z.strictObject({
  messageId: field.uuid,
  emoji: field.emoji,
  participantId: field.participantId,
});
const extension = z.strictObject({ extension: z.string().max(100), version: z.string().max(50) });

/**
 * Every stored event, by the name that the log, the realtime channel, webhooks, extensions and the docs share.
 * A change that old readers could not take raises `version` and gets an upcaster.
 */
export const storedEvents = {
  'chat.created': event(
    'A chat was opened.',
    z.strictObject({ title: field.title, createdBy: field.participantId, settings: field.settings }),
    { title: 'Where do we go this summer?', createdBy: 'ada', settings: defaultSettings },
  ),
  'chat.updated': event('The chat got another title.', z.strictObject({ title: field.title }), {
    title: 'Summer',
  }),
  'chat.archived': event('The chat was closed; it can be read but not written.', nothing, {}),
  'chat.restored': event('An archived chat was opened again.', nothing, {}),
  'chat.forked': event(
    'This chat began as a copy of another one up to a sequence number.',
    z.strictObject({ from: field.uuid, at: field.sequence }),
    { from: ids.earlier, at: 42 },
  ),

  'participant.invited': event(
    'An invite was made. Its secret is not part of the event.',
    z.strictObject({
      inviteId: field.uuid,
      role: field.role,
      expiresAt: field.time,
      maxUses: z.int().min(1).nullable(),
    }),
    { inviteId: ids.earlier, role: 'guest', expiresAt: '2026-12-01T00:00:00.000Z', maxUses: 5 },
  ),
  'participant.invite_revoked': event(
    'An invite no longer lets anyone in.',
    z.strictObject({ inviteId: field.uuid }),
    { inviteId: ids.earlier },
  ),
  'participant.joined': event(
    'A person, AI or extension is in the chat now; also when somebody comes back.',
    z.strictObject({ participant: field.participant, inviteId: field.uuid.optional() }),
    { participant: { id: 'ben', kind: 'person', name: 'Ben', role: 'member' } },
  ),
  'participant.updated': event(
    "A participant's name or AI settings changed.",
    z.strictObject({
      participantId: field.participantId,
      name: field.displayName.optional(),
      ai: field.aiSettings.optional(),
    }),
    { participantId: 'facilitator', ai: { policy: 'mentioned', every: 5 } },
  ),
  'participant.left': event('A participant went.', who, { participantId: 'ben' }),
  'participant.removed': event('A host removed a participant.', who, { participantId: 'ben' }),
  'participant.role_changed': event(
    'A participant has another role.',
    z.strictObject({ participantId: field.participantId, role: field.role }),
    { participantId: 'ben', role: 'host' },
  ),
  'participant.muted': event(
    'A participant may no longer write, or may again.',
    z.strictObject({ participantId: field.participantId, muted: z.boolean() }),
    { participantId: 'ben', muted: true },
  ),

  'message.sent': event(
    'A participant said something.',
    z.strictObject({
      messageId: field.uuid,
      author: field.participantId,
      text: field.messageText,
      replyTo: field.uuid.optional(),
      replaces: field.uuid.optional().describe('The earlier message that this one stands for.'),
      response: field.responseOutcome
        .optional()
        .describe('Of an AI participant: how the message came about.'),
    }),
    { messageId: ids.message, author: 'ada', text: 'The sea, or the mountains?' },
  ),
  'message.edited': event(
    'The author changed a message.',
    z.strictObject({ messageId: field.uuid, text: field.messageText }),
    { messageId: ids.message, text: 'The sea, or the mountains? Both?' },
  ),
  'message.deleted': event('A message was taken back.', z.strictObject({ messageId: field.uuid }), {
    messageId: ids.message,
  }),
  'message.redacted': event(
    'A message was erased for good, in the log too.',
    z.strictObject({ messageId: field.uuid, reason: z.string().max(500) }),
    { messageId: ids.message, reason: 'erasure requested by the author' },
  ),
  'message.flagged': event(
    'Somebody or something asks a moderator to look at a message.',
    z.strictObject({ messageId: field.uuid, reason: z.string().max(500), by: z.string().max(128) }),
    { messageId: ids.message, reason: 'looks like spam', by: 'moderation' },
  ),
  'message.rejected': event(
    'A message was refused by an extension and never sent.',
    z.strictObject({
      messageId: field.uuid,
      author: field.participantId,
      by: z.string().max(128),
      reason: z.string().max(500),
    }),
    { messageId: ids.message, author: 'ben', by: 'moderation', reason: 'Links are not allowed here.' },
  ),
  'message.read': event(
    'A participant has read up to a sequence number.',
    z.strictObject({ participantId: field.participantId, sequence: field.sequence }),
    { participantId: 'ben', sequence: 42 },
  ),
  'reaction.added': event('A reaction was put on a message.', reaction, {
    messageId: ids.message,
    emoji: '👍',
    participantId: 'ben',
  }),
  'reaction.removed': event('A reaction was taken off a message.', reaction, {
    messageId: ids.message,
    emoji: '👍',
    participantId: 'ben',
  }),

  'turn.changed': event(
    'Whose turn it is. `holder` is null when nobody can have the turn or the mode has none.',
    z.strictObject({
      holder: field.participantId.nullable(),
      round: z.int().min(1),
      spoken: z.array(field.participantId).describe('Who has spoken or was skipped in this round.'),
      expiresAt: field.time.nullable(),
    }),
    { holder: 'ben', round: 1, spoken: ['ada'], expiresAt: null },
  ),
  'turn.granted': event('A host gave the turn to somebody.', who, { participantId: 'ben' }),
  'turn.skipped': event('A turn was passed over.', who, { participantId: 'ada' }),
  'turn.reset': event('The order starts again from the first person.', nothing, {}),
  'turn.expired': event('A turn was not used in time.', who, { participantId: 'ada' }),
  'turn.mode_changed': event(
    'Another rule decides who may speak.',
    z.strictObject({ mode: field.turnMode }),
    { mode: 'strict' },
  ),

  'ai_response.requested': event(
    'An AI participant is to answer.',
    z.strictObject({
      responseId,
      participantId: field.participantId,
      reason: z
        .string()
        .max(200)
        .describe(
          'Why: `always`, `mentioned`, `question`, `every_n`, `after_message`, `round_end`, `asked` or `regenerate`.',
        ),
      triggeredBy: field.uuid.optional().describe('The message that it answers.'),
      replaces: field.uuid.optional().describe('The message that the answer will stand for.'),
    }),
    { responseId: ids.response, participantId: 'facilitator', reason: 'mentioned', triggeredBy: ids.message },
  ),
  'ai_response.started': event(
    'An AI participant began to answer.',
    z.strictObject({ responseId, participantId: field.participantId, model: z.string().max(200) }),
    { responseId: ids.response, participantId: 'facilitator', model: 'builtin/facilitator' },
  ),
  'ai_response.completed': event(
    'The answer is complete; `messageId` names it.',
    z.strictObject({
      responseId,
      participantId: field.participantId,
      messageId: field.uuid,
      model: z.string().max(200).optional(),
      usage: field.responseOutcome.shape.usage,
    }),
    { responseId: ids.response, participantId: 'facilitator', messageId: ids.message },
  ),
  'ai_response.failed': event(
    'The answer broke off. What was written so far is kept as message `messageId`, when there was any.',
    z.strictObject({
      responseId,
      participantId: field.participantId,
      code: z.string().max(100),
      message: z.string().max(500),
      retryable: z.boolean(),
      messageId: field.uuid.optional(),
      triggeredBy: field.uuid.optional(),
    }),
    {
      responseId: ids.response,
      participantId: 'facilitator',
      code: 'ai.unavailable',
      message: 'The AI model could not be reached.',
      retryable: true,
    },
  ),
  'ai_response.stopped': event(
    'Somebody stopped the answer. What was written so far is kept as a message.',
    z.strictObject({ responseId, participantId: field.participantId, by: field.participantId }),
    { responseId: ids.response, participantId: 'facilitator', by: 'ada' },
  ),

  'completion.marked': event('A person considers the conversation done.', who, { participantId: 'ada' }),
  'completion.withdrawn': event('A person has more to say after all.', who, { participantId: 'ada' }),
  'completion.reached': event(
    'Every person in the chat has marked it as done.',
    z.strictObject({ participants: z.array(field.participantId) }),
    { participants: ['ada', 'ben'] },
  ),

  'summary.requested': event(
    'A summary is to be written.',
    z.strictObject({ summaryId: field.uuid, reason: z.string().max(200) }),
    { summaryId: ids.earlier, reason: 'completion' },
  ),
  'summary.generated': event(
    'A summary was written.',
    z.strictObject({ summaryId: field.uuid, text: field.messageText, upTo: field.sequence }),
    { summaryId: ids.earlier, text: 'Ada and Ben chose the sea.', upTo: 42 },
  ),
  'summary.failed': event(
    'A summary could not be written.',
    z.strictObject({ summaryId: field.uuid, code: z.string().max(100), message: z.string().max(500) }),
    { summaryId: ids.earlier, code: 'ai.unavailable', message: 'The AI model could not be reached.' },
  ),

  'settings.changed': event(
    "The chat's settings changed.",
    z.strictObject({ changes: field.settingsChange }),
    {
      changes: { aiHops: 2 },
    },
  ),

  'extension.enabled': event('An extension works in this chat now.', extension, {
    extension: 'welcome',
    version: '1.0.0',
  }),
  'extension.disabled': event('An extension no longer works in this chat.', extension, {
    extension: 'welcome',
    version: '1.0.0',
  }),
  'extension.configured': event(
    'An extension got other settings.',
    extension.extend({ settings: z.record(z.string(), z.json()) }),
    { extension: 'welcome', version: '1.0.0', settings: { greeting: 'Hello' } },
  ),
  'extension.quarantined': event(
    'An extension was stopped because it kept failing.',
    extension.extend({ reason: z.string().max(500) }),
    { extension: 'welcome', version: '1.0.0', reason: 'crashed 5 times in 5 minutes' },
  ),
  'extension.emitted': event(
    'An extension says that something happened.',
    extension.extend({ name: z.string().max(100), payload: z.json() }),
    { extension: 'sentiment', version: '1.0.0', name: 'scored', payload: { score: 0.4 } },
  ),
  'handler.dead_lettered': event(
    'A handler gave up on an event of this chat; an operator can try again.',
    z.strictObject({ handler: z.string().max(128), position: z.int(), error: z.string().max(2_000) }),
    { handler: 'webhooks', position: 4711, error: 'connection refused' },
  ),
} as const satisfies Record<string, EventDefinition>;

export type EventType = keyof typeof storedEvents;
export type EventData<T extends EventType> = z.infer<(typeof storedEvents)[T]['data']>;
