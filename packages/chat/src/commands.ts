import { z } from 'zod';
import { responseId, who } from './event-definition.ts';
import * as field from './fields.ts';

interface CommandDefinition<S extends z.ZodObject = z.ZodObject> {
  summary: string;
  /** The command's fields besides `type`. */
  fields: S;
  /** What `before` handlers may change. */
  amendable: readonly (keyof z.infer<S> & string)[];
}

function command<S extends z.ZodObject>(
  summary: string,
  fields: S,
  amendable: readonly (keyof z.infer<S> & string)[] = [],
): CommandDefinition<S> {
  return { summary, fields, amendable };
}

const nothing = z.strictObject({});

/** Every command, by name. All of them pass through the orchestrator, and nothing else makes events. */
export const commands = {
  'chat.create': command(
    'Open a chat; who asks becomes its host.',
    z.strictObject({
      title: field.title,
      name: field.displayName,
      settings: field.settings,
      participants: z.array(field.participant).max(50),
    }),
    ['title'],
  ),
  'chat.update': command('Give the chat another title.', z.strictObject({ title: field.title }), ['title']),
  'chat.archive': command('Close the chat for writing.', nothing),
  'chat.restore': command('Open an archived chat again.', nothing),

  'participant.invite': command(
    'Make an invite that lets others in.',
    z.strictObject({
      inviteId: field.uuid,
      role: field.role,
      expiresAt: field.time,
      maxUses: z.int().min(1).max(10_000).nullable(),
    }),
  ),
  'participant.revoke_invite': command('End an invite.', z.strictObject({ inviteId: field.uuid })),
  'participant.join': command(
    'Come in by an invite.',
    z.strictObject({ inviteId: field.uuid, name: field.displayName }),
  ),
  'participant.add': command(
    'Bring a person or an AI into the chat.',
    z.strictObject({ participant: field.participant }),
  ),
  'participant.update': command(
    'Change the name or the AI settings of an AI participant.',
    z.strictObject({
      participantId: field.participantId,
      name: field.displayName.optional(),
      ai: field.aiSettings.optional(),
    }),
  ),
  'participant.leave': command('Go.', nothing),
  'participant.remove': command('Remove somebody.', who),
  'participant.change_role': command(
    "Change somebody's role.",
    z.strictObject({ participantId: field.participantId, role: field.role }),
  ),
  'participant.mute': command(
    'Mute or unmute somebody.',
    z.strictObject({ participantId: field.participantId, muted: z.boolean() }),
  ),

  'message.send': command(
    'Say something. The sender makes the id; a retry with the same id is the same message.',
    z.strictObject({
      messageId: field.uuid,
      text: field.messageText,
      replyTo: field.uuid.optional(),
      response: field.responseOutcome
        .optional()
        .describe('Only from AI participants: the reply this message is, or what is left of it.'),
      replaces: field.uuid.optional().describe('The earlier message that this one stands for.'),
    }),
    ['text'],
  ),
  'message.edit': command(
    'Change what one said.',
    z.strictObject({ messageId: field.uuid, text: field.messageText }),
    ['text'],
  ),
  'message.delete': command('Take a message back.', z.strictObject({ messageId: field.uuid })),
  'message.read': command('Say how far one has read.', z.strictObject({ sequence: field.sequence })),
  'reaction.add': command(
    'Put a reaction on a message.',
    z.strictObject({ messageId: field.uuid, emoji: field.emoji }),
  ),
  'reaction.remove': command(
    "Take one's reaction off a message.",
    z.strictObject({ messageId: field.uuid, emoji: field.emoji }),
  ),

  'turn.skip': command("Pass over the present turn: one's own, or anyone's for a host.", nothing),
  'turn.grant': command('Give the turn to a person.', who),
  'turn.reset': command('Start the order again from the first person.', nothing),
  'turn.expire': command('Pass over a turn whose time is up; from Parley itself.', who),

  'ai_response.request': command(
    'Ask an AI participant to answer now.',
    z.strictObject({ responseId, participantId: field.participantId }),
  ),
  'ai_response.regenerate': command(
    'Ask for another answer in place of an earlier one.',
    z.strictObject({ responseId, messageId: field.uuid }),
  ),
  'ai_response.start': command(
    'From Parley itself: an AI participant begins to answer.',
    z.strictObject({ responseId, model: z.string().max(200) }),
  ),
  'ai_response.fail': command(
    'From Parley itself: an answer broke off without a word.',
    z.strictObject({
      responseId,
      code: z.string().max(100),
      message: z.string().max(500),
      retryable: z.boolean(),
    }),
  ),
  'ai_response.stop': command('Stop an answer that is being written.', z.strictObject({ responseId })),

  'completion.mark': command('Say that one considers the conversation done.', nothing),
  'completion.withdraw': command('Say that one has more to say after all.', nothing),

  'settings.change': command('Change how the chat works.', z.strictObject({ changes: field.settingsChange })),
} as const satisfies Record<string, CommandDefinition>;

export type CommandType = keyof typeof commands;

type Fields<T extends CommandType> = z.infer<(typeof commands)[T]['fields']>;

/** A command, ready for `decide`: its type and its fields. */
export type ChatCommand<T extends CommandType = CommandType> = {
  // Without fields the schema's type would forbid `type` as well.
  [K in T]: { type: K } & (Record<string, never> extends Fields<K> ? unknown : Fields<K>);
}[T];
