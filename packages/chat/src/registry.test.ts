import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands, eventSchema, listRegistry, passingEvents, storedEvents } from './registry.ts';

const events = Object.entries({ ...storedEvents, ...passingEvents });

describe('every event', () => {
  it.each(events)('%s has an example that its schema takes as it is', (_name, { data, example }) => {
    expect(data.parse(example)).toEqual(example);
  });

  it.each(events)('%s refuses fields that it does not have', (_name, { data, example }) => {
    expect(data.safeParse({ ...example, somethingElse: 1 }).success).toBe(false);
  });

  it.each(events)(
    '%s is a noun and a past participle, with a summary that is a sentence',
    (name, { summary }) => {
      expect(name).toMatch(/^[a-z_]+\.[a-z_]+$/);
      expect(summary).toMatch(/^[A-Z].*\.$/);
    },
  );
});

describe('every command', () => {
  it.each(Object.entries(commands))(
    '%s has a summary, and amends only fields that it has',
    (name, command) => {
      expect(name).toMatch(/^[a-z_]+\.[a-z_]+$/);
      expect(command.summary).toMatch(/^[A-Z].*\.$/);
      expect(Object.keys(command.fields.shape)).toEqual(expect.arrayContaining([...command.amendable]));
    },
  );
});

describe('listRegistry', () => {
  const entries = listRegistry();

  it('lists everything once, by kind', () => {
    const names = (kind: string) => entries.filter((entry) => entry.kind === kind).map(({ name }) => name);
    expect(names('stored event')).toEqual(Object.keys(storedEvents));
    expect(names('passing event')).toEqual(Object.keys(passingEvents));
    expect(names('command')).toEqual(Object.keys(commands));
    expect(new Set(names('stored event').concat(names('passing event'))).size).toBe(events.length);
  });

  it.each(entries.map((entry) => [entry.name, entry] as const))(
    'describes %s by a JSON Schema',
    (_name, entry) => {
      expect(entry.schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        additionalProperties: false,
      });
    },
  );

  it.each(
    entries.filter(({ example }) => example !== undefined).map((entry) => [entry.name, entry] as const),
  )('describes %s so that its example fits the JSON Schema, too', (_name, { schema, example }) => {
    expect(z.fromJSONSchema(schema).safeParse(example)).toMatchObject({ success: true });
  });
});

describe('eventSchema', () => {
  it('knows stored and passing events', () => {
    expect(eventSchema('message.sent')).toMatchObject({ required: ['messageId', 'author', 'text'] });
    expect(eventSchema('typing.started')).toMatchObject({ required: ['participantId'] });
  });

  it.each(['message.send', 'no.such_event', 'toString', '__proto__', 'constructor'])(
    'knows no event %s',
    (name) => {
      expect(eventSchema(name)).toBeUndefined();
    },
  );
});
