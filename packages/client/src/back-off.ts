import { ParleyError } from './parley-error.ts';

/**
 * Milliseconds to wait before the next try after so many failures in a row: twice as long each time, up to `most`.
 * Half of it is left to chance, so that many clients do not come back at once.
 */
export function backOff(failures: number, { first = 500, most = 30_000 } = {}): number {
  const wait = Math.min(most, first * 2 ** Math.min(failures - 1, 16));
  return wait / 2 + (Math.random() * wait) / 2;
}

/**
 * Does something until it succeeds, as long as its failures are of the kind that passes.
 * @throws whatever it throws that will not pass; the signal's reason when it is given up
 */
export async function persist<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await action();
    } catch (error) {
      signal.throwIfAborted();
      if (!ParleyError.is(error) || !error.retryable) throw error;
      await pause(error.retryAfter ?? backOff(failures, { most: 10_000 }), signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
