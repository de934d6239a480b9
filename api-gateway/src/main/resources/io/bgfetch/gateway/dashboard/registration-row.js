import { showActions } from './actions.js';
import {
  clone,
  httpUrl,
  partsOf,
  setAttribute,
  setText,
  showProgress,
  symbol,
} from './elements.js';
import { fetchAddress } from './route.js';
import * as view from './registration-view.js';

const HUES = 6;

/** One registration in a list. */
export class RegistrationRow {
  #parts;
  #registration;

  constructor(registration) {
    this.element = clone('row-template');
    this.element.dataset.uid = registration.uid;
    this.#parts = partsOf(this.element);
    this.#parts.link.href = fetchAddress(registration.uid);
  }

  get registration() {
    return this.#registration;
  }

  /** Shows its state and, by the rate of the last seconds, how it goes on. */
  show(registration, rate) {
    this.#registration = registration;
    const parts = this.#parts;
    showHead(parts, registration);
    const records = view.recordsOf(registration);
    setText(parts.records, records);
    setText(parts.failures, view.failuresOf(registration));
    setAttribute(parts.link, 'title', view.nameOf(registration));
    setAttribute(parts.bar, 'aria-label', `Progress of ${view.nameOf(registration)}`);
    showProgress(parts.bar, parts.fill, view.shareOf(registration), records);
    setText(parts.amount, view.amountOf(registration));
    this.showPace(rate);
    showActions(parts.actions, registration, { withText: false });
  }

  /** What changes when nothing happens: the rate, the time left, how long ago it was. */
  showPace(rate) {
    setText(this.#parts.pace, view.paceOf(this.#registration, rate, Date.now()));
  }

  showOrigin(origin) {
    setText(this.#parts.origin, origin);
  }
}

/** Gives the focus to the row of a registration, in that of the lists that can be seen. */
export function focusRow(uid) {
  [...document.querySelectorAll(`[data-uid="${uid}"] [data-row-target]`)]
    .find((target) => target.checkVisibility())
    ?.focus();
}

/** Name, id, icon and state, in a row as above the details. */
export function showHead(parts, registration) {
  const name = view.nameOf(registration);
  setText(parts.name, name);
  setText(parts.id, name === registration.id ? '' : registration.id);
  showIcon(parts.icon, registration, name);
  const { kind, label } = view.stateOf(registration);
  setText(parts.state, label);
  setAttribute(parts.state, 'data-kind', kind);
  setAttribute(parts.state, 'title', registration.failureReason || null);
  setAttribute(parts.bar, 'data-kind', kind);
  parts.fill.style.setProperty('--succeeded', view.succeededShareOf(registration).toFixed(4));
}

/** The first icon that can be loaded; the first letter of the name where there is none. */
function showIcon(element, registration, name) {
  const source = registration.icons?.map((icon) => httpUrl(icon.src)).find(Boolean)?.href ?? '';
  const shown = `${source} ${name}`;
  if (element.dataset.shown === shown) {
    return;
  }
  element.dataset.shown = shown;
  if (source === '') {
    showLetter(element, name);
    return;
  }
  const image = new Image();
  image.alt = '';
  image.referrerPolicy = 'no-referrer';
  image.loading = 'lazy';
  image.decoding = 'async';
  image.addEventListener('error', () => showLetter(element, name));
  image.src = source;
  element.replaceChildren(image);
}

function showLetter(element, name) {
  const letter = /[\p{L}\p{N}]/u.exec(name)?.[0];
  element.dataset.hue = hue(name);
  element.replaceChildren(letter ? letter.toUpperCase() : symbol('fetch'));
}

function hue(name) {
  let sum = 0;
  for (const character of name) {
    sum = (sum * 31 + character.codePointAt(0)) % 65_521;
  }
  return sum % HUES;
}
