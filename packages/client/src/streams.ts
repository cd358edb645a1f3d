import type { PassingEventData } from '@parley/chat';

type Delta = PassingEventData<'ai_response.delta'>;

/** An AI reply in progress. */
export interface Stream {
  text: string;
  /** Words that came before earlier ones did. */
  early: readonly Delta[];
}

/** AI replies in progress, by response id. Never changed in place. */
export type Streams = Readonly<Record<string, Stream>>;

const nothing: Stream = { text: '', early: [] };

/** Adds the next words of a reply, or keeps them until those before them are there. */
export function addDelta(streams: Streams, delta: Delta): Streams {
  const stream = streams[delta.responseId] ?? nothing;
  const next = settle({ ...stream, early: [...stream.early, delta] });
  // Words that are there already change nothing.
  if (next.text === stream.text && next.early.length === stream.early.length) return streams;
  return { ...streams, [delta.responseId]: next };
}

/** Takes over the server's texts where they are further. */
export function mergeTexts(streams: Streams, texts: Readonly<Record<string, string>>): Streams {
  const merged = { ...streams };
  for (const [id, text] of Object.entries(texts)) {
    const stream = merged[id] ?? nothing;
    if (!(id in merged) || text.length > stream.text.length) merged[id] = settle({ ...stream, text });
  }
  return merged;
}

/** Whether words of a reply are missing that only the server has. */
export function hasHole(stream: Stream | undefined): boolean {
  return stream !== undefined && stream.early.length > 0;
}

/** Forgets all replies but these. */
export function keepOnly(streams: Streams, ids: ReadonlySet<string>): Streams {
  const kept = Object.entries(streams).filter(([id]) => ids.has(id));
  return kept.length === Object.keys(streams).length ? streams : Object.fromEntries(kept);
}

/** Takes what waits as far as it reaches; what it does not reach waits on. */
function settle({ text: known, early }: Stream): Stream {
  let text = known;
  const waiting: Delta[] = [];
  for (const delta of early.toSorted((a, b) => a.offset - b.offset)) {
    if (delta.offset > text.length) waiting.push(delta);
    else if (delta.offset + delta.text.length > text.length) text = text.slice(0, delta.offset) + delta.text;
  }
  return { text, early: waiting };
}
