const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

export const clockTime = (at: string) => time.format(new Date(at));
export const fullTime = (at: string) => full.format(new Date(at));
export const isSameDay = (a: string, b: string) => new Date(a).toDateString() === new Date(b).toDateString();

export function dayName(at: string): string {
  const now = new Date();
  if (isSameDay(at, now.toISOString())) return 'Today';
  if (isSameDay(at, new Date(now.getTime() - 86_400_000).toISOString())) return 'Yesterday';
  return day.format(new Date(at));
}

/** For a list: the time of today's, the date of older ones. */
export function listTime(at: string): string {
  return isSameDay(at, new Date().toISOString()) ? clockTime(at) : short.format(new Date(at));
}
