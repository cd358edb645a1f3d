import { ModelError, type ModelPart } from './model.ts';

/**
 * A model's stream that ends in time: `ai.timeout` when its first word, its next word or its end is too long in
 * coming, also for a model that does not heed its signal. Ends at once when `signal` aborts.
 */
export async function* withTimeLimits(
  open: (signal: AbortSignal) => AsyncIterable<ModelPart>,
  limits: { firstToken: number; idle: number; total: number },
  signal: AbortSignal,
): AsyncIterable<ModelPart> {
  const upstream = new AbortController();
  const deadline = performance.now() + limits.total;
  const iterator = open(upstream.signal)[Symbol.asyncIterator]();
  let wait = limits.firstToken;
  try {
    for (;;) {
      const next = iterator.next();
      // When it is left behind, nobody hears how it ends.
      next.catch(() => {});
      const result = await inTime(next, Math.min(wait, deadline - performance.now()), signal);
      if (result === 'aborted' || result.done) return;
      yield result.value;
      wait = limits.idle;
    }
  } finally {
    upstream.abort();
    void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

async function inTime<T>(
  next: Promise<T>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<T | 'aborted'> {
  if (signal.aborted) return 'aborted';
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const other = new Promise<'aborted'>((resolve, reject) => {
    stop = () => resolve('aborted');
    signal.addEventListener('abort', stop, { once: true });
    timer = setTimeout(() => reject(new ModelError('ai.timeout')), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([next, other]);
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
