import type { FormEvent, ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';

export interface DoorProps {
  title: string;
  children: ReactNode;
  /** The words on its button. */
  action: string;
  busy: boolean;
  error: string | undefined;
  onSubmit: () => void;
  /** Below the form. */
  aside?: ReactNode;
}

/** A page with one form, before one is in. */
export function Door({ title, children, action, busy, error, onSubmit, aside }: DoorProps) {
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit();
  }
  return (
    <main className="flex min-h-full items-center justify-center p-4">
      <div className="w-full max-w-sm">
        <p className="mb-6 flex items-center justify-center gap-2 font-display text-2xl">
          <img src="/favicon.svg" alt="" className="size-8" />
          Parley
        </p>
        <form onSubmit={submit} className="space-y-4 rounded-2xl border border-line bg-surface p-6 shadow-sm">
          <h1 className="font-display text-xl">{title}</h1>
          {children}
          <Problem>{error}</Problem>
          <Button look="primary" type="submit" disabled={busy} className="w-full">
            {action}
          </Button>
        </form>
        {aside && <div className="mt-4 text-center text-sm text-soft">{aside}</div>}
      </div>
    </main>
  );
}
