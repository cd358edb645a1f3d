import { Sparkles } from 'lucide-react';

export interface AvatarProps {
  id: string;
  name: string;
  ai?: boolean;
  /** A dot that says so, where it is known. */
  present?: boolean | undefined;
  small?: boolean;
}

/** Somebody's initials on a colour of their own. */
export function Avatar({ id, name, ai = false, present, small = false }: AvatarProps) {
  const hue = hash(id) % 360;
  return (
    <span aria-hidden className="relative inline-flex shrink-0 self-start">
      <span
        className={`inline-flex items-center justify-center font-semibold text-white ${small ? 'size-6 text-[10px]' : 'size-9 text-xs'} ${ai ? 'rounded-xl' : 'rounded-full'}`}
        style={{ background: `hsl(${hue} 42% 34%)` }}
      >
        {ai ? <Sparkles className={small ? 'size-3.5' : 'size-5'} strokeWidth={1.8} /> : initials(name)}
      </span>
      {present !== undefined && (
        <span
          className={`absolute -right-0.5 -bottom-0.5 size-2.5 rounded-full border-2 border-surface ${present ? 'bg-emerald-500' : 'bg-line'}`}
        />
      )}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [name];
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}

function hash(text: string): number {
  let value = 7;
  for (let index = 0; index < text.length; index++)
    value = (Math.imul(value, 31) + text.charCodeAt(index)) >>> 0;
  return value;
}
