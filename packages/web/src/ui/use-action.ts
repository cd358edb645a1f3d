import { ParleyError } from '@parley/client';
import { useState } from 'react';

/** Runs what may fail, and keeps the sentence that says why it did. */
export function useAction(): {
  busy: boolean;
  error: string | undefined;
  run: (action: () => Promise<unknown>) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  async function run(action: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setError(undefined);
    try {
      await action();
      return true;
    } catch (failure) {
      if (!ParleyError.is(failure)) throw failure;
      setError(failure.message);
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, error, run };
}
