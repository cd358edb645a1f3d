import { z } from 'zod';
import { defaultSettings, type Settings } from './settings.ts';

/** The fields that commands, events and the API share, so that each is bounded in one place. */

const wellFormed = (text: string) => text.isWellFormed() && !text.includes('\u0000');
const storable = 'must be text without NUL characters or lone surrogates';

/** A chat's or message's id: a UUID that its maker chose, so that a retry is the same chat or message. */
export const uuid = z.uuid();

/** A person's, AI's or extension's id. */
export const participantId = z
  .string()
  .regex(/^[A-Za-z0-9_.@-]{1,128}$/, 'must be 1–128 letters, digits or _.@-');

/** A name that people see: one line, no control or direction-changing characters. */
export const displayName = line(80);

export const title = line(200);

function line(longest: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine(wellFormed, storable)
    .refine((name) => !/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(name), 'must be one line of plain text');
}

/** What a message says: Markdown, at most 16,000 characters. */
export const messageText = z.string().max(16_000).refine(wellFormed, storable);

export const emoji = z
  .string()
  .max(32)
  .refine((text) => /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic})$/v.test(text), 'must be one emoji');

/** ISO 8601 in UTC. */
export const time = z.iso.datetime();

export const sequence = z.int().nonnegative();

export const role = z.enum(['host', 'member', 'guest', 'observer']);
/** What a participant may do: hosts steer, members and guests talk (guests came by a link), observers read. */
export type Role = z.infer<typeof role>;

export const participantKind = z.enum(['person', 'ai', 'extension']);
export type ParticipantKind = z.infer<typeof participantKind>;

export const turnMode = z.enum(['flexible', 'strict', 'moderated', 'rounds']);
/** Who may speak when; see `turns.ts`. */
export type TurnMode = z.infer<typeof turnMode>;

export const replyPolicy = z.enum(['always', 'mentioned', 'question', 'every_n', 'round_end', 'never']);
/** When an AI participant answers of itself in a `flexible` chat; see `replies.ts`. */
export type ReplyPolicy = z.infer<typeof replyPolicy>;

export const aiSettings = z.strictObject({
  model: z
    .string()
    .min(3)
    .max(200)
    .optional()
    .describe("`provider/model`; when absent the server's default."),
  policy: replyPolicy.default('always'),
  every: z.int().min(1).max(1000).default(5).describe('For `every_n`: after how many messages of people.'),
  instructions: z
    .string()
    .max(8_000)
    .refine(wellFormed, storable)
    .optional()
    .describe('What the host wants of this participant; goes to the model.'),
});
export type AISettings = z.infer<typeof aiSettings>;

export const participant = z.strictObject({
  id: participantId,
  kind: participantKind,
  name: displayName,
  role,
  ai: aiSettings.optional(),
});

const setting = {
  turnMode,
  turnSeconds: z.int().min(5).max(86_400).nullable().describe('A turn passes on after so long; null: never.'),
  messagesPerMinute: z.int().min(1).max(600).describe('In `moderated` chats, of each person.'),
  aiHops: z.int().min(0).max(20).describe('AI messages in a row before a person must speak.'),
  aiCooldownSeconds: z.int().min(0).max(3_600).describe('An AI participant rests so long after a reply.'),
};

export const settings = z.strictObject({
  turnMode: setting.turnMode.default(defaultSettings.turnMode),
  turnSeconds: setting.turnSeconds.default(defaultSettings.turnSeconds),
  messagesPerMinute: setting.messagesPerMinute.default(defaultSettings.messagesPerMinute),
  aiHops: setting.aiHops.default(defaultSettings.aiHops),
  aiCooldownSeconds: setting.aiCooldownSeconds.default(defaultSettings.aiCooldownSeconds),
}) satisfies z.ZodType<Settings>;

/** `settings` with every field optional and no defaults: what a change may name. */
export const settingsChange = z.strictObject(setting).partial();
export type SettingsChange = z.infer<typeof settingsChange>;

/** How an AI participant's message came about. */
export const responseOutcome = z.strictObject({
  responseId: z.string().max(300),
  status: z.enum(['completed', 'stopped', 'failed']),
  model: z.string().max(200).optional(),
  reason: z.string().max(200).optional().describe('Why it answered.'),
  code: z.string().max(100).optional().describe('For `failed`: stable.'),
  message: z.string().max(500).optional().describe('For `failed`: a short sentence for people.'),
  retryable: z.boolean().optional(),
  usage: z
    .strictObject({ inputTokens: z.number(), outputTokens: z.number(), estimated: z.boolean() })
    .optional(),
});
export type ResponseOutcome = z.infer<typeof responseOutcome>;
