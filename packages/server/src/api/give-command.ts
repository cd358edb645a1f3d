import type { ChatCommand } from '@parley/chat';
import type { CommandResponse } from '@parley/chat/api';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../accounts/caller.ts';
import type { Executed } from '../orchestrator/orchestrator.ts';
import { callerOf } from './access.ts';
import type { Services } from './services.ts';

/** Gives a command in the caller's name. */
export function execute(
  { orchestrator }: Services,
  request: FastifyRequest,
  chatId: string,
  command: ChatCommand,
): Promise<Executed> {
  return orchestrator.execute({
    chatId,
    command,
    actor: actorOf(callerOf(request)),
    correlationId: request.id,
  });
}

/** Gives a command whose answer is only that it was done. */
export async function giveCommand(
  services: Services,
  request: FastifyRequest,
  chatId: string,
  command: ChatCommand,
): Promise<CommandResponse> {
  return commandResponseOf(chatId, await execute(services, request, chatId, command));
}

export function commandResponseOf(chatId: string, { sequence, position }: Executed): CommandResponse {
  return { chatId, sequence, position };
}
