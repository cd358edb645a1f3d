import type { ModelPart } from './model.ts';

/**
 * Joins the texts that come within `interval` milliseconds of each other; the first one passes at once.
 * A model may send a hundred pieces a second, and each would be a message to every viewer.
 */
export async function* coalesce(parts: AsyncIterable<ModelPart>, interval: number): AsyncIterable<ModelPart> {
  const iterator = parts[Symbol.asyncIterator]();
  let next = iterator.next();
  let gathered = '';
  let lastAt = Number.NEGATIVE_INFINITY;
  try {
    for (;;) {
      const due = lastAt + interval - performance.now();
      const result = gathered === '' || due <= 0 ? await ready(next, gathered) : await within(next, due);
      if (result === 'later') {
        yield { type: 'text', text: gathered };
        gathered = '';
        lastAt = performance.now();
        continue;
      }
      if (!result.done && result.value.type === 'text') {
        gathered += result.value.text;
        next = iterator.next();
        continue;
      }
      if (gathered !== '') yield { type: 'text', text: gathered };
      gathered = '';
      if (result.done) return;
      yield result.value;
      next = iterator.next();
    }
  } catch (error) {
    // What came before it broke off was said.
    if (gathered !== '') yield { type: 'text', text: gathered };
    throw error;
  } finally {
    next.catch(() => {});
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

type Next = Promise<IteratorResult<ModelPart>>;

/** With something to hand on, and its time come, only what is there already is waited for. */
function ready(next: Next, gathered: string): Promise<IteratorResult<ModelPart> | 'later'> {
  return gathered === '' ? next : within(next, 0);
}

async function within(next: Next, milliseconds: number): Promise<IteratorResult<ModelPart> | 'later'> {
  let timer: NodeJS.Timeout | undefined;
  const later = new Promise<'later'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'later');
  });
  try {
    return await Promise.race([next, later]);
  } finally {
    clearTimeout(timer);
  }
}
