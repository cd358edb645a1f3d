import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './icon-button.tsx';

export interface ModalProps {
  title: string;
  /** One sentence that says what it is for. */
  description?: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  wide?: boolean;
  children: ReactNode;
}

/** A dialog over the page; on a phone, a sheet from below. */
export function Modal({ title, description, open, onOpenChange, wide = false, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={`fixed inset-x-0 bottom-0 z-40 max-h-[92dvh] overflow-y-auto rounded-t-2xl border border-line bg-surface p-6 pb-[max(1.5rem,env(safe-area-inset-bottom))] shadow-2xl sm:top-1/2 sm:right-auto sm:bottom-auto sm:left-1/2 sm:w-[calc(100%-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl ${wide ? 'sm:max-w-2xl' : 'sm:max-w-md'}`}
        >
          <div className="mr-10 mb-4">
            <Dialog.Title className="font-display text-xl">{title}</Dialog.Title>
            {description && (
              <Dialog.Description className="mt-0.5 text-sm text-soft">{description}</Dialog.Description>
            )}
          </div>
          {children}
          {/* Last in order, so that the focus begins at what the dialog is for. */}
          <Dialog.Close asChild>
            <IconButton icon={X} label="Close" small className="absolute top-5 right-5" />
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
