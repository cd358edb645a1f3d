import { useState } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const key = 'parley.theme';
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
systemIsDark.addEventListener('change', () => applyTheme());

function chosen(): Theme {
  const theme = localStorage.getItem(key);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Puts the chosen theme on the page; by the system's where nobody chose. */
export function applyTheme(): void {
  const theme = chosen();
  const dark = theme === 'dark' || (theme === 'system' && systemIsDark.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(chosen);
  return [
    theme,
    (next) => {
      localStorage.setItem(key, next);
      setTheme(next);
      applyTheme();
    },
  ];
}
