import { z } from 'zod';
import { type EventDefinition, event, ids, responseId, who } from './event-definition.ts';
import * as field from './fields.ts';

/** Events that are broadcast and never stored: nothing is lost when one is missed. */
export const passingEvents = {
  'typing.started': event('A participant is writing.', who, { participantId: 'ada' }),
  'typing.stopped': event('A participant is no longer writing.', who, { participantId: 'ada' }),
  'presence.changed': event(
    'A person opened or closed the last of their windows on this chat.',
    z.strictObject({ participantId: field.participantId, present: z.boolean() }),
    { participantId: 'ada', present: true },
  ),
  'ai_response.delta': event(
    'The next words of an AI reply; `offset` is the number of characters before them.',
    z.strictObject({
      responseId,
      participantId: field.participantId,
      offset: z.int().nonnegative(),
      text: z.string(),
    }),
    { responseId: ids.response, participantId: 'facilitator', offset: 0, text: 'Ada asks ' },
  ),
  'chat.activity': event(
    "Something happened in one of a person's chats; sent on the person's own channel.",
    z.strictObject({ chatId: field.uuid, sequence: field.sequence, type: z.string() }),
    { chatId: ids.earlier, sequence: 42, type: 'message.sent' },
  ),
} as const satisfies Record<string, EventDefinition>;

export type PassingEventType = keyof typeof passingEvents;
export type PassingEventData<T extends PassingEventType> = z.infer<(typeof passingEvents)[T]['data']>;
