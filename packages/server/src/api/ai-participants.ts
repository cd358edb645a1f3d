import type { Participant } from '@parley/chat';
import type { AddAI } from '@parley/chat/api';
import { aiSettings } from '@parley/chat/fields';
import type { ModelRegistry } from '../ai/models.ts';

/** New AI participants as the chat's commands want them: each with a name, and an id that nobody has. */
export function aiParticipants(
  wanted: readonly AddAI[],
  present: readonly Pick<Participant, 'id'>[],
  models: ModelRegistry,
) {
  const taken = new Set(present.map(({ id }) => id));
  return wanted.map(({ name, ...settings }) => {
    const shown = name ?? labelOf(models, settings.model ?? models.default);
    const id = freeId(shown, taken);
    taken.add(id);
    return {
      id,
      kind: 'ai' as const,
      name: shown,
      role: 'member' as const,
      ai: aiSettings.parse(settings),
    };
  });
}

function labelOf(models: ModelRegistry, id: string): string {
  return models.list().find((model) => model.id === id)?.label ?? id.slice(id.indexOf('/') + 1);
}

function freeId(name: string, taken: ReadonlySet<string>): string {
  const [word] = name.toLowerCase().match(/[a-z0-9]+/) ?? ['assistant'];
  const base = `ai.${word.slice(0, 40)}`;
  let id = base;
  for (let number = 2; taken.has(id); number++) id = `${base}.${number}`;
  return id;
}
