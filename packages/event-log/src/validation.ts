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
  let text: string | undefined;
  try {
    text = JSON.stringify(value, refuseLossy);
  } catch (cause) {
    throw invalid(`${name} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (text === undefined) throw invalid(`${name} is not JSON.`);
  // `stringify` writes these two as escapes; nothing else in JSON text begins so.
  if (/\\u0000|\\ud[89a-f]/i.test(text) && holdsUnstorable(value)) {
    throw invalid(`${name} has a NUL character or a lone surrogate.`);
  }
  return text;
}

function refuseLossy(_key: string, value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new TypeError(`${value} has no form in JSON`);
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value} has no form in JSON`);
    default:
      return value;
  }
}

function holdsUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return !isStorable(value);
  if (Array.isArray(value)) return value.some(holdsUnstorable);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => !isStorable(key) || holdsUnstorable(inner));
}

function requireText(text: string, name: string): void {
  if (text === '' || !isStorable(text)) {
    throw invalid(`${name} must be text, without NUL characters and lone surrogates.`);
  }
}

const isStorable = (text: string) => text.isWellFormed() && !text.includes('\u0000');

const invalid = (message: string, cause?: unknown) =>
  new EventLogError('log.invalid_event', message, cause === undefined ? undefined : { cause });
