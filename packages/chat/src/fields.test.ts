import { describe, expect, it } from 'vitest';
import * as field from './fields.ts';
import { defaultSettings } from './settings.ts';

const takes = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('displayName and title', () => {
  it('take one line of plain text, up to 80 and 200 characters', () => {
    for (const name of ['Ada', 'Ada Lovelace', '李小龙', 'O’Brien-Ó', '👩‍👩‍👧'])
      expect(takes(field.displayName, name)).toBe(true);
    expect(takes(field.displayName, 'a'.repeat(80))).toBe(true);
    expect(takes(field.displayName, 'a'.repeat(81))).toBe(false);
    expect(takes(field.title, 'a'.repeat(200))).toBe(true);
    expect(takes(field.title, 'a'.repeat(201))).toBe(false);
  });

  it('refuse what would deceive or break a line: direction changes, control characters, lone surrogates', () => {
    for (const name of [
      '',
      '   ',
      'a\nb',
      'a\u202eb',
      'a\u2066b',
      'a\u2028b',
      'a\u0000b',
      'a\u0007b',
      '\ud800',
    ]) {
      expect([name, takes(field.displayName, name)]).toEqual([name, false]);
      expect([name, takes(field.title, name)]).toEqual([name, false]);
    }
  });

  it('take the white space around a name away', () => {
    expect(field.displayName.parse('  Ada ')).toBe('Ada');
  });
});

describe('messageText', () => {
  it('takes any text of up to 16,000 characters that can be stored', () => {
    expect(takes(field.messageText, 'a\n\t**b** 🎉 \u202e')).toBe(true);
    expect(takes(field.messageText, 'a'.repeat(16_000))).toBe(true);
    expect(takes(field.messageText, 'a'.repeat(16_001))).toBe(false);
    expect(takes(field.messageText, 'a\u0000')).toBe(false);
    expect(takes(field.messageText, 'a\udc00')).toBe(false);
  });
});

describe('ids', () => {
  it('are UUIDs for chats and messages', () => {
    expect(takes(field.uuid, '01939a6e-7c1f-7b3a-9d52-1f0c6a2b7e44')).toBe(true);
    for (const id of ['', '1', '../../etc', '01939a6e-7c1f-7b3a-9d52'])
      expect(takes(field.uuid, id)).toBe(false);
  });

  it('are short and plain for participants', () => {
    for (const id of ['ada', 'ada@example.org', 'a'.repeat(128)])
      expect(takes(field.participantId, id)).toBe(true);
    for (const id of ['', 'a b', 'a/b', 'a:b', 'ä', 'a\n', 'a'.repeat(129)]) {
      expect([id, takes(field.participantId, id)]).toEqual([id, false]);
    }
  });
});

describe('emoji', () => {
  it.each(['👍', '❤️', '👩‍🚀', '🇮🇹', '👍🏽', '1️⃣'])('takes %s', (emoji) => {
    expect(takes(field.emoji, emoji)).toBe(true);
  });

  it.each(['', 'a', '👍a', '<b>', ' 👍', '👍👍', '1', '42', '#', '*'])('refuses %j', (emoji) => {
    expect(takes(field.emoji, emoji)).toBe(false);
  });
});

describe('settings', () => {
  it('are complete by their defaults', () => {
    expect(field.settings.parse({})).toEqual(defaultSettings);
  });

  it('change by the fields that are named, without defaults', () => {
    expect(field.settingsChange.parse({})).toEqual({});
    expect(field.settingsChange.parse({ turnSeconds: null })).toEqual({ turnSeconds: null });
  });

  it.each([
    { turnSeconds: 4 },
    { messagesPerMinute: 0 },
    { aiHops: 21 },
    { turnMode: 'chaos' },
    { speed: 1 },
  ])('refuse %j', (change) => {
    expect(takes(field.settingsChange, change)).toBe(false);
  });
});
