const KEY = 'bgfetch.theme';
const NEXT = { system: 'light', light: 'dark', dark: 'system' };

function stored() {
  try {
    const theme = localStorage.getItem(KEY);
    return theme in NEXT ? theme : 'system';
  } catch {
    return 'system'; // a browser that keeps nothing for pages
  }
}

function apply(theme) {
  document.documentElement.dataset.theme = theme;
}

/** Shows the theme that was chosen, else the one of the system. */
export function restoreTheme() {
  apply(stored());
}

/**
 * Makes a button switch between system, light and dark; the choice is remembered.
 *
 * @param {HTMLButtonElement} button
 */
export function switchThemeWith(button) {
  const describe = (theme) => {
    button.setAttribute('aria-label', `Theme: ${theme}`);
    button.title = `Theme: ${theme}`;
  };
  describe(stored());
  button.addEventListener('click', () => {
    const theme = NEXT[document.documentElement.dataset.theme] ?? 'system';
    apply(theme);
    describe(theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // then it holds for as long as the page does
    }
  });
}
