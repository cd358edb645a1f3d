import type { ButtonHTMLAttributes } from 'react';

const looks = {
  primary: 'bg-accent text-on-accent hover:brightness-110 border-transparent',
  plain: 'bg-raised text-ink border-line hover:bg-tint',
  quiet: 'bg-transparent text-ink border-transparent hover:bg-tint',
  danger: 'bg-transparent text-danger border-line hover:bg-danger/10',
} as const;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  small?: boolean;
}

export function Button({
  look = 'plain',
  small = false,
  className = '',
  type = 'button',
  ...rest
}: ButtonProps) {
  const size = small ? 'px-2.5 py-1 text-sm' : 'px-4 py-2';
  return (
    <button
      type={type}
      className={`inline-flex items-center justify-center gap-1.5 rounded-lg border font-medium transition disabled:opacity-50 ${looks[look]} ${size} ${className}`}
      {...rest}
    />
  );
}
