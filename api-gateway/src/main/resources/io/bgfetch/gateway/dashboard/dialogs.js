import { symbol } from './elements.js';

const NOTICE_FOR = 7000;
const MOST_NOTICES = 3;

const byId = (id) => document.getElementById(id);

/**
 * Asks once more.
 *
 * @param {{title: string, text: string, yes: string, no: string}} question
 * @returns {Promise<boolean>}
 */
export function confirm({ title, text, yes, no }) {
  const dialog = byId('confirm');
  byId('confirm-title').textContent = title;
  byId('confirm-text').textContent = text;
  dialog.querySelector('[value=yes]').textContent = yes;
  dialog.querySelector('[value=no]').textContent = no;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

/**
 * Asks for a key until there is one: without it there is nothing to show.
 *
 * @param {boolean} wrong whether the last one was refused
 * @returns {Promise<string>}
 */
export async function askForKey(wrong) {
  const dialog = byId('key');
  const input = byId('key-input');
  byId('key-problem').textContent = wrong ? 'That key is not known here.' : '';
  for (;;) {
    input.value = '';
    dialog.returnValue = '';
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    const key = input.value.trim();
    input.value = '';
    if (dialog.returnValue === 'yes' && isHeaderValue(key)) {
      return key;
    }
    byId('key-problem').textContent = key === '' ? 'A key is needed.' : 'That is no key.';
  }
}

function isHeaderValue(key) {
  return /^[\x21-\x7e]+$/.test(key);
}

/** Shows the keys that the page knows. */
export function showKeys() {
  byId('keys').showModal();
}

/** Buttons and Enter close their dialog with what they mean. Nothing is submitted anywhere. */
export function wireDialogs() {
  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.querySelector('form').addEventListener('submit', (event) => {
      event.preventDefault();
      dialog.close('yes');
    });
    dialog.addEventListener('click', (event) => {
      const button = event.target.closest('button[type=button]');
      if (button) {
        dialog.close(button.value);
      }
    });
  }
}

/**
 * Tells something that needs no answer.
 *
 * @param {string} text
 * @param {'plain' | 'problem'} kind
 */
export function notify(text, kind = 'plain') {
  const notices = byId('notices');
  const notice = document.createElement('p');
  notice.className = 'notice';
  notice.dataset.kind = kind;
  notice.append(text);
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'icon-button';
  close.setAttribute('aria-label', 'Close');
  close.append(symbol('abort'));
  close.addEventListener('click', () => notice.remove());
  notice.append(close);
  notices.append(notice);
  while (notices.childElementCount > MOST_NOTICES) {
    notices.firstElementChild.remove();
  }
  setTimeout(() => notice.remove(), NOTICE_FOR);
}
