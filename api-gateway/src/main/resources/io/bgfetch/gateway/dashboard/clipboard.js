import { notify } from './dialogs.js';

/** Copies text; where the browser does not let pages do so, says so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notify('Copied');
  } catch {
    notify(copyBySelection(text) ? 'Copied' : 'This browser does not let the page copy', 'plain');
  }
}

/** The old way: the only one on pages that do not come over TLS. */
function copyBySelection(text) {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  focused?.focus();
  return copied;
}
