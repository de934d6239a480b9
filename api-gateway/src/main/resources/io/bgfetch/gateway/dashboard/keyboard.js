/** What keys do, beside those that the browser gives a meaning: Tab, Enter, Space. */

const byId = (id) => document.getElementById(id);

/**
 * @param {object} dashboard
 * @param {() => void} dashboard.back
 * @param {() => void} dashboard.showKeys
 * @param {(actions: string[], uid: string) => void} dashboard.act does the first that is possible
 * @param {() => string | null} dashboard.opened the uid of the fetch whose details are shown
 */
export function listenToKeys(dashboard) {
  document.addEventListener('keydown', (event) => {
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    if (modified || event.defaultPrevented || document.querySelector('dialog[open]')) {
      return;
    }
    if (isTyping(event.target)) {
      if (event.key === 'Escape') {
        event.target.blur();
      }
      return;
    }
    if (press(event.key, dashboard)) {
      event.preventDefault();
    }
  });
}

function isTyping(element) {
  return element.matches('input:not([type=radio]), select, textarea');
}

/** @returns {boolean} whether the key means something here */
function press(key, dashboard) {
  switch (key) {
    case '/':
      byId('search').focus();
      byId('search').select();
      return true;
    case '?':
      dashboard.showKeys();
      return true;
    case 'j':
      return move(1);
    case 'k':
      return move(-1);
    case 'ArrowDown':
      return isInRow() && move(1);
    case 'ArrowUp':
      return isInRow() && move(-1);
    case 'Escape':
      dashboard.back();
      return true;
    case 'p':
      return act(['pause', 'resume'], dashboard);
    case 'a':
      return act(['abort'], dashboard);
    default:
      return false;
  }
}

/** Arrows scroll the page as ever, unless a row has the focus. */
function isInRow() {
  return document.activeElement?.closest('[data-row]') !== null;
}

function move(step) {
  const targets = [...document.querySelectorAll('[data-row-target]')].filter(
    (target) => target.offsetParent !== null,
  );
  const here = document.activeElement?.closest('[data-row]')?.querySelector('[data-row-target]');
  const place = targets.indexOf(here);
  const target = place < 0 ? targets[0] : targets[place + step];
  target?.focus();
  target?.closest('[data-row]').scrollIntoView({ block: 'nearest' });
  return target !== undefined;
}

function act(actions, dashboard) {
  const uid = dashboard.opened() ?? document.activeElement?.closest('[data-uid]')?.dataset.uid;
  if (uid) {
    dashboard.act(actions, uid);
  }
  return uid !== undefined;
}
