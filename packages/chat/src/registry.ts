import { z } from 'zod';
import { commands } from './commands.ts';
import { type EventType, storedEvents } from './events.ts';
import { type PassingEventType, passingEvents } from './passing-events.ts';

export { commands } from './commands.ts';
export { storedEvents } from './events.ts';
export { passingEvents } from './passing-events.ts';

/** A registered event or command, in the form that documents and tools are made from. */
export interface RegistryEntry {
  name: string;
  kind: 'stored event' | 'passing event' | 'command';
  summary: string;
  version?: number;
  /** JSON Schema 2020-12 of the event's data, or of the command's fields. */
  schema: Record<string, unknown>;
  example?: unknown;
  amendable?: readonly string[];
}

/** Everything in the registry: the one source of the reference page, JSON Schema and the OpenAPI description. */
export function listRegistry(): RegistryEntry[] {
  const events = (kind: RegistryEntry['kind'], group: typeof storedEvents | typeof passingEvents) =>
    Object.entries(group).map(([name, { summary, version, data, example }]) => ({
      name,
      kind,
      summary,
      version,
      schema: jsonSchema(data, 'output'),
      example,
    }));
  return [
    ...events('stored event', storedEvents),
    ...events('passing event', passingEvents),
    ...Object.entries(commands).map(([name, { summary, fields, amendable }]) => ({
      name,
      kind: 'command' as const,
      summary,
      schema: jsonSchema(fields, 'input'),
      amendable,
    })),
  ];
}

/** JSON Schema of one event type's data; undefined for a type that is not registered. */
export function eventSchema(type: string): Record<string, unknown> | undefined {
  const definition =
    (Object.hasOwn(storedEvents, type) && storedEvents[type as EventType]) ||
    (Object.hasOwn(passingEvents, type) && passingEvents[type as PassingEventType]);
  return definition ? jsonSchema(definition.data, 'output') : undefined;
}

/** Of commands what one may give, with defaults left out; of events what one gets, with everything in. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' });
}
