import { useState } from 'preact/hooks';
import { applyTheme, savedTheme, saveTheme, THEMES, type Theme } from './theme';

const ICONS: Record<Theme, string> = {
  system: 'M3 4.5h14v9H3zM7.5 17h5M10 13.5V17',
  light: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.8v1.7M10 16.5v1.7M1.8 10h1.7M16.5 10h1.7M4.2 4.2l1.2 1.2M14.6 14.6l1.2 1.2M4.2 15.8l1.2-1.2M14.6 5.4l1.2-1.2',
  dark: 'M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z',
};

/** Three radio buttons rather than one cycling button: the present choice and the others are visible and announced. */
export function ThemeToggle() {
  const [theme, setTheme] = useState(savedTheme);
  const choose = (next: Theme) => {
    setTheme(next);
    saveTheme(next);
    applyTheme(next);
  };
  return (
    <fieldset class="theme-toggle">
      <legend class="visually-hidden">Colours</legend>
      {THEMES.map((each) => (
        <label key={each} title={`Colours: ${each}`}>
          <input class="visually-hidden" type="radio" name="theme" checked={theme === each} onChange={() => choose(each)} />
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d={ICONS[each]} />
          </svg>
          <span class="visually-hidden">{each}</span>
        </label>
      ))}
    </fieldset>
  );
}
