import type { BeforeHandler } from '@parley/event-bus';
import type { GuardedCommand } from '../orchestrator/guarded-command.ts';

/** No AI participant comes in with a model that this server can't run. */
export function requireKnownModel(models: { has(id: string): boolean }): BeforeHandler<GuardedCommand> {
  return (command) => {
    const unknown = modelsNamed(command).find((model) => !models.has(model));
    if (unknown === undefined) return undefined;
    const reason = `There is no AI model "${unknown}" here: see GET /v1/models.`;
    return { refuse: { code: 'ai.unknown_model', reason } };
  };
}

function modelsNamed(command: GuardedCommand): string[] {
  const participants =
    command.type === 'chat.create'
      ? command.participants
      : command.type === 'participant.add'
        ? [command.participant]
        : command.type === 'participant.update'
          ? [command]
          : [];
  return participants.flatMap(({ ai }) => (ai?.model === undefined ? [] : [ai.model]));
}
