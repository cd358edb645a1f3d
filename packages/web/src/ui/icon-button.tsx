import type { LucideIcon } from 'lucide-react';
import { Tooltip } from 'radix-ui';
import type { ButtonHTMLAttributes } from 'react';

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: LucideIcon;
  /** Its name, for those who see the picture and those who don't. */
  label: string;
  small?: boolean;
}

export function IconButton({ icon: Icon, label, small = false, className = '', ...rest }: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          type="button"
          aria-label={label}
          className={`inline-flex shrink-0 items-center justify-center rounded-lg text-soft transition hover:bg-tint hover:text-ink disabled:opacity-40 ${small ? 'size-7' : 'size-9'} ${className}`}
          {...rest}
        >
          <Icon aria-hidden className={small ? 'size-4' : 'size-5'} strokeWidth={1.8} />
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content sideOffset={4} className="z-50 rounded-md bg-ink px-2 py-1 text-xs text-paper">
          {label}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
