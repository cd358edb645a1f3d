import type { PassingEventData } from '@parley/chat';

/** The words so far of AI replies in progress, by response id. Never changed in place. */
export type Streams = Readonly<Record<string, string>>;

/**
 * Adds the next words of a reply. Undefined when words before them are missing: then the server's text so far is
 * to be fetched.
 */
export function addDelta(
  streams: Streams,
  delta: PassingEventData<'ai_response.delta'>,
): Streams | undefined {
  const { responseId, offset, text } = delta;
  const known = streams[responseId] ?? '';
  if (offset > known.length) return undefined;
  if (offset + text.length <= known.length) return streams;
  return { ...streams, [responseId]: known.slice(0, offset) + text };
}

/** Takes over the server's texts where they are further. */
export function mergeStreams(streams: Streams, server: Streams): Streams {
  const merged: Record<string, string> = { ...streams };
  for (const [id, text] of Object.entries(server)) {
    if (text.length > (merged[id]?.length ?? -1)) merged[id] = text;
  }
  return merged;
}

/** Forgets replies that are over. */
export function keepOnly(streams: Streams, running: ReadonlySet<string>): Streams {
  const kept = Object.entries(streams).filter(([id]) => running.has(id));
  return kept.length === Object.keys(streams).length ? streams : Object.fromEntries(kept);
}
