export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'cocoon-theme';

/** Storage can be blocked or hold anything; the page then follows the system. */
export function savedTheme(): Theme {
  try {
    const saved = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === saved) ?? 'system';
  } catch {
    return 'system';
  }
}

export function saveTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the choice lasts until the page is closed, which is the best that can be done.
  }
}

/** The style sheets switch on this attribute; without it the system's preference decides. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  dispatchEvent(new Event('cocoon-theme'));
}

/** Calls back whenever colours may have changed, by the toggle or by the system; charts are canvas and must be redrawn. */
export function onThemeChange(callback: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', callback);
  addEventListener('cocoon-theme', callback);
  return () => {
    system.removeEventListener('change', callback);
    removeEventListener('cocoon-theme', callback);
  };
}
