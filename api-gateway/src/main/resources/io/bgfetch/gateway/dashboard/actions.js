import { fetchPath } from './api.js';
import { confirm, notify } from './dialogs.js';
import { symbol } from './elements.js';
import { ACTIONS, actionsOf, nameOf } from './registration-view.js';

/** Those that cannot be undone are asked about once more. */
const QUESTIONS = {
  abort: {
    title: 'Abort this fetch?',
    text: 'What is running is cut. What was fetched before can still be read.',
    yes: 'Abort',
    no: 'Go on fetching',
  },
  release: {
    title: 'Release its records?',
    text: 'Nobody will be able to read them any more. Their bodies are deleted.',
    yes: 'Release',
    no: 'Keep them',
  },
  delete: {
    title: 'Delete this fetch?',
    text: 'Everything about it is forgotten, its records and bodies, too.',
    yes: 'Delete',
    no: 'Keep it',
  },
};

/** What people do with registrations. A refusal is told, quietly; the page goes on. */
export class Actions {
  #api;
  #store;
  #underWay = new Set();

  /**
   * @param {import('./api.js').Api} api
   * @param {import('./store.js').Store} store
   */
  constructor(api, store) {
    this.#api = api;
    this.#store = store;
  }

  /**
   * Carries it out, after a question where there is one; twice at a time it is done once.
   *
   * @param {string} name one of those that the registration offers
   * @param {string} uid
   */
  async run(name, uid) {
    const registration = this.#store.get(uid);
    const turn = `${name} ${uid}`;
    if (!registration || !actionsOf(registration).includes(name) || this.#underWay.has(turn)) {
      return;
    }
    this.#underWay.add(turn);
    try {
      if (!(name in QUESTIONS) || (await this.#confirmed(name, registration))) {
        await this.#carryOut(name, registration);
      }
    } catch (problem) {
      notify(`${ACTIONS[name].label}: ${problem.message}`, 'problem');
    } finally {
      this.#underWay.delete(turn);
    }
  }

  #confirmed(name, registration) {
    const question = QUESTIONS[name];
    return confirm({ ...question, text: `“${nameOf(registration)}” – ${question.text}` });
  }

  async #carryOut(name, { uid }) {
    switch (name) {
      case 'abort':
        await this.#api.post(fetchPath(uid, 'abort'));
        this.#store.merge(await this.#api.get(fetchPath(uid)));
        break;
      case 'delete':
        await this.#api.delete(fetchPath(uid));
        this.#store.forget(uid);
        notify('Deleted');
        break;
      case 'retry': {
        const again = await this.#api.post(fetchPath(uid, 'retry'));
        this.#store.merge(again);
        notify(`What failed is being fetched again: ${nameOf(again)}`);
        break;
      }
      default:
        this.#store.merge(await this.#api.post(fetchPath(uid, name)));
    }
  }
}

/**
 * Shows buttons for what may be done with a registration. One that means the opposite of before
 * stays the same button, so that it keeps the focus.
 *
 * @param {HTMLElement} container
 * @param {object} registration
 * @param {{withText: boolean}} options
 */
export function showActions(container, registration, { withText }) {
  const names = actionsOf(registration);
  const wanted = names.join(' ');
  const name = nameOf(registration);
  if (container.dataset.shown === `${wanted} ${name}`) {
    return;
  }
  container.dataset.shown = `${wanted} ${name}`;
  const before = new Map([...container.children].map((button) => [button.dataset.slot, button]));
  const buttons = names.map((action) => {
    const { slot, label, symbol: icon } = ACTIONS[action];
    const button = before.get(slot) ?? document.createElement('button');
    button.type = 'button';
    button.className = withText ? 'button' : 'icon-button';
    button.dataset.slot = slot;
    button.dataset.action = action;
    button.title = label;
    button.setAttribute('aria-label', `${label}: ${name}`);
    button.replaceChildren(symbol(icon), ...(withText ? [label] : []));
    return button;
  });
  for (const [slot, button] of before) {
    if (!names.some((action) => ACTIONS[action].slot === slot)) {
      button.remove();
    }
  }
  buttons.forEach((button, index) => {
    if (container.children[index] !== button) {
      container.insertBefore(button, container.children[index] ?? null);
    }
  });
}
