import { emoji, participantId, uuid } from '@parley/chat/fields';
import { z } from 'zod';

/** What stands in the addresses. */
export const chatParams = z.object({ chatId: uuid });
export const messageParams = z.object({ chatId: uuid, messageId: uuid });
export const reactionParams = z.object({ chatId: uuid, messageId: uuid, emoji });
export const participantParams = z.object({ chatId: uuid, participantId });
export const inviteParams = z.object({ chatId: uuid, inviteId: uuid });
export const tokenParams = z.object({ token: z.string().min(1).max(200) });
export const responseParams = z.object({ chatId: uuid, responseId: z.string().min(1).max(300) });
