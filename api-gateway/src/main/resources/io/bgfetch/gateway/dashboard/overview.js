import { fetchPath } from './api.js';
import { notify } from './dialogs.js';
import { setText } from './elements.js';
import { RegistrationList } from './registration-list.js';
import { focusRow } from './registration-row.js';
import { isOverdue } from './registration-view.js';
import { listAddress } from './route.js';

const PAGE = 200;
const MOST_PAGES = 10;
const SEARCH_AGAIN = 5000;
const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const byId = (id) => document.getElementById(id);

/** The list of all registrations, and what is searched for among them. */
export class Overview {
  #api;
  #store;
  #route = { id: '', onlyActive: false };
  #active;
  #ended;
  #found;
  #cursor = null;
  #loaded = false;
  #doubtful = new Set();
  #checking = false;

  /**
   * @param {import('./api.js').Api} api
   * @param {import('./store.js').Store} store
   * @param {import('./origins.js').Origins} origins
   */
  constructor(api, store, origins) {
    this.#api = api;
    this.#store = store;
    this.#active = new RegistrationList(byId('active-group'), store, origins);
    this.#ended = new RegistrationList(byId('ended-group'), store, origins, () =>
      this.#loadOlder(),
    );
    this.#found = new RegistrationList(byId('found-group'), store, origins);
    store.subscribe((changed) => this.#show(changed));
    byId('filter').addEventListener('change', (event) => {
      location.hash = listAddress({ onlyActive: event.target.value === 'active' });
    });
    byId('search-form').addEventListener('submit', (event) => {
      event.preventDefault();
      location.hash = listAddress({ id: byId('search').value });
    });
    byId('search').addEventListener('search', () => {
      if (byId('search').value === '') {
        location.hash = listAddress();
      }
    });
    byId('sample-curl').textContent =
      `curl ${new URL('v1/fetches', document.baseURI)} --json` +
      ` '{"id": "my-first-fetch", "requests": ["https://example.com/"]}'`;
  }

  /** Shows what the address says. */
  open(route) {
    this.#route = route;
    byId('overview').hidden = false;
    byId('search').value = route.id;
    byId('filter').querySelector(`[value=${route.onlyActive ? 'active' : 'all'}]`).checked = true;
    this.#search();
    this.#show(new Set());
  }

  close() {
    byId('overview').hidden = true;
  }

  /** Reads again what is shown and has probably changed without an event. */
  checkOverdue() {
    const now = Date.now();
    for (const uid of [...this.#ended.uids, ...this.#found.uids]) {
      const registration = this.#store.get(uid);
      if (registration && isOverdue(registration, now)) {
        this.check(uid);
      }
    }
  }

  /** Goes on showing what changes by itself. */
  tick() {
    this.#active.tick();
    this.#ended.tick();
    this.#found.tick();
  }

  /**
   * Reads the newest ones, and what is shown as active but is not any more: an end that happened
   * while nobody told of it.
   */
  async refresh() {
    const stale = new Set(this.#store.active.map(({ uid }) => uid));
    const newest = await this.#api.get('v1/fetches', { limit: PAGE });
    this.#take(newest, stale);
    if (!this.#loaded) {
      this.#cursor = newest.next;
      this.#loaded = true;
      await this.#loadOlder();
    }
    let cursor = null;
    do {
      const page = await this.#api.get('v1/fetches', { active: true, limit: 1000, cursor });
      this.#take(page, stale);
      cursor = page.next;
    } while (cursor !== null);
    stale.forEach((uid) => this.check(uid));
    this.#show(new Set());
  }

  /** Finds out, in its turn, how one is that may be deleted: no event says so. */
  async check(uid) {
    this.#doubtful.add(uid);
    if (this.#checking) {
      return;
    }
    this.#checking = true;
    for (const next of this.#doubtful) {
      this.#doubtful.delete(next);
      await this.#reread(next);
    }
    this.#checking = false;
  }

  #take({ registrations }, stale) {
    registrations.forEach((registration) => {
      this.#store.merge(registration);
      stale.delete(registration.uid);
    });
  }

  async #reread(uid) {
    try {
      this.#store.merge(await this.#api.get(fetchPath(uid)));
    } catch (problem) {
      if (problem.status === 404) {
        this.#store.forget(uid);
      }
    }
  }

  /** Active ones are known already, so that pages of nothing else are passed over. */
  async #loadOlder() {
    const before = this.#store.ended.length;
    for (let pages = 0; pages < MOST_PAGES && this.#cursor !== null; pages++) {
      const page = await this.#api.get('v1/fetches', { limit: PAGE, cursor: this.#cursor });
      page.registrations.forEach((registration) => this.#store.merge(registration));
      this.#cursor = page.next;
      if (this.#store.ended.length > before) {
        break;
      }
    }
    this.#show(new Set());
  }

  async #search() {
    const route = this.#route;
    if (route.id === '') {
      this.#store.keep(this, []);
      return;
    }
    this.#sayOfNone('Searching …');
    const found = await this.#askUntilAnswered(route);
    if (this.#route === route) {
      const uids = found.map(({ uid }) => uid);
      this.#store.keep(this, uids);
      found.forEach((registration) => this.#store.merge(registration));
      this.#sayOfNone('No fetch has this id.');
      this.#show(new Set());
    }
  }

  /** What is found, once that works; nothing when it is not searched for any more. */
  async #askUntilAnswered(route) {
    for (let tries = 1; this.#route === route; tries++) {
      try {
        return await this.#ask(route.id);
      } catch (problem) {
        if (this.#route === route && tries === 1) {
          this.#sayOfNone('The search failed. It is tried again.');
          notify(`Search: ${problem.message}`, 'problem');
        }
      }
      await new Promise((resolve) => setTimeout(resolve, SEARCH_AGAIN));
    }
    return [];
  }

  /** Those with this id; where it may be a uid, also the one that has it. */
  async #ask(id) {
    const answers = [this.#api.get('v1/fetches', { id, limit: PAGE })];
    if (UID.test(id)) {
      answers.push(this.#findByUid(id));
    }
    return (await Promise.all(answers)).flatMap(({ registrations }) => registrations);
  }

  async #findByUid(uid) {
    try {
      return { registrations: [await this.#api.get(fetchPath(uid))] };
    } catch (problem) {
      if (problem.status === 404) {
        return { registrations: [] };
      }
      throw problem;
    }
  }

  #sayOfNone(text) {
    setText(byId('found-group').querySelector('[data-part=none]'), text);
  }

  /** Who has the focus in a row keeps it, wherever the row goes. */
  #show(changed) {
    const focused = document.activeElement?.closest('[data-uid]')?.dataset.uid;
    this.#showGroups(changed);
    if (focused && !document.activeElement?.closest('[data-uid]')) {
      focusRow(focused);
    }
  }

  #showGroups(changed) {
    const { active, ended } = this.#store;
    const { id, onlyActive } = this.#route;
    const searching = id !== '';
    const nothing = this.#loaded && active.length === 0 && ended.length === 0;
    byId('welcome').hidden = searching || !nothing;
    this.#active.hidden = searching || nothing;
    this.#ended.hidden = searching || nothing || onlyActive;
    this.#found.hidden = !searching;
    this.#active.show(active, changed);
    this.#ended.show(ended, changed, this.#cursor !== null && !this.#store.isFull);
    byId('ended-group').querySelector('[data-part=rest]').hidden = !this.#store.isFull;
    this.#found.show(searching ? this.#store.find(id) : [], changed);
  }
}
