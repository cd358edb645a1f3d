import { type Append, EventLogError } from './event-log.ts';

/** An event's parts as text, in the order of the table's columns. */
export type EventRow = [
  id: string,
  type: string,
  version: number,
  time: string,
  subject: string | null,
  meta: string,
  data: string,
];

/**
 * The rows of an append, ready to be stored.
 * @throws {EventLogError} `log.invalid_event` for what could not be read back as it was given
 */
export function rowsOf({ stream, events, key }: Append): EventRow[] {
  if (events.length === 0) throw invalid('An append needs at least one event.');
  requireText(stream, 'stream');
  if (key !== undefined) requireText(key, 'key');
  return events.map(({ id, type, version, time, subject, meta, data }) => {
    requireText(id, 'id');
    requireText(type, 'type');
    requireText(time, 'time');
    if (subject !== undefined) requireText(subject, 'subject');
    if (!Number.isSafeInteger(version) || version < 1) throw invalid('An event version is a number from 1.');
    return [id, type, version, time, subject ?? null, toJson(meta, 'meta'), toJson(data, 'data')];
  });
}

/** JSON text of a value that survives the way there and back. */
export function toJson(value: unknown, name: string): string {
  requireStorable(value, name, 0);
  return JSON.stringify(value);
}

// Deeper than anybody means, and far from what would exhaust the stack.
const deepest = 200;

/** Looked at by hand: a replacer function would make `JSON.stringify` several times slower. */
function requireStorable(value: unknown, name: string, depth: number): void {
  switch (typeof value) {
    case 'string':
      if (isStorable(value)) return;
      throw invalid(`${name} has a NUL character or a lone surrogate.`);
    case 'number':
      if (Number.isFinite(value)) return;
      throw invalid(`${name} is not JSON: it has the number ${value}.`);
    case 'boolean':
      return;
    case 'object':
      if (value === null) return;
      if (depth > deepest) throw invalid(`${name} is not JSON: it is too deep, or holds itself.`);
      if (Array.isArray(value)) {
        for (const item of value) requireStorable(item, name, depth + 1);
        return;
      }
      for (const key in value) {
        if (!isStorable(key)) throw invalid(`${name} has a NUL character or a lone surrogate.`);
        const inner = (value as Record<string, unknown>)[key];
        // An optional field without a value is a field that is not there.
        if (inner !== undefined) requireStorable(inner, name, depth + 1);
      }
      return;
    default:
      throw invalid(`${name} is not JSON: it has a ${typeof value}.`);
  }
}

function requireText(text: string, name: string): void {
  if (text === '' || !isStorable(text)) {
    throw invalid(`${name} must be text, without NUL characters and lone surrogates.`);
  }
}

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\u0000');

const invalid = (message: string) => new EventLogError('log.invalid_event', message);
