import type { OutgoingMessage } from './outbox.ts';

/** Where an outbox survives a reload; `localStorage` fits. */
export interface OutboxStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What was kept, to be sent. */
export function restore(storage: OutboxStorage | undefined, key: string): OutgoingMessage[] {
  // What was answered before the reload is in the chat already; sending it again finds that out.
  return read(storage, key).map((message) =>
    message.status === 'sent' ? { ...message, status: 'pending', sequence: undefined } : message,
  );
}

/** Keeps these messages. Others under the same key that are not one's own are left: they are another window's. */
export function keep(
  storage: OutboxStorage | undefined,
  key: string,
  { messages, own }: { messages: readonly OutgoingMessage[]; own: ReadonlySet<string> },
): void {
  if (storage === undefined) return;
  const all = [...read(storage, key).filter(({ id }) => !own.has(id)), ...messages];
  try {
    if (all.length === 0) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(all));
  } catch {
    // A full or forbidden storage costs the survival of a reload, and nothing else.
  }
}

function read(storage: OutboxStorage | undefined, key: string): OutgoingMessage[] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isMessage) : [];
  } catch {
    return [];
  }
}

function isMessage(kept: unknown): kept is OutgoingMessage {
  const { id, text, at, status } = (kept ?? {}) as Partial<OutgoingMessage>;
  return (
    typeof id === 'string' &&
    typeof text === 'string' &&
    typeof at === 'string' &&
    (status === 'pending' || status === 'sent' || status === 'failed')
  );
}
