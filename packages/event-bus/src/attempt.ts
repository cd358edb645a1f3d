/** Thrown in place of a handler's answer when its time is over. */
export class HandlerTimeout extends Error {
  override readonly name = 'HandlerTimeout';

  constructor(milliseconds: number) {
    super(`The handler took longer than ${milliseconds} ms.`);
  }
}

/**
 * Calls a handler with a signal that aborts when its time is over or `closing` aborts.
 * A handler that ignores the signal is left behind: the promise rejects in time all the same.
 * One that answers at once costs neither a timer nor a promise.
 */
export function attempt<T>(
  call: (signal: AbortSignal) => T | Promise<T>,
  limits: { timeLimit: number; closing: AbortSignal },
): T | Promise<T> {
  const controller = new AbortController();
  const result = call(controller.signal);
  return result instanceof Promise ? within(limits, controller, result) : result;
}

async function within<T>(
  { timeLimit, closing }: { timeLimit: number; closing: AbortSignal },
  controller: AbortController,
  result: Promise<T>,
): Promise<T> {
  const close = () => controller.abort(closing.reason);
  if (closing.aborted) close();
  closing.addEventListener('abort', close, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new HandlerTimeout(timeLimit);
      controller.abort(error);
      reject(error);
    }, timeLimit);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', close);
  }
}
